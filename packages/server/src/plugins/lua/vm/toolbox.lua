-- What Orthanc gives to scripts beside the functions of the server.

-- Names of earlier versions of Lua that scripts still use.
unpack = unpack or table.unpack
table.getn = table.getn or function(list) return #list end
loadstring = loadstring or load

-- Prints a value, and what is inside tables, at most so many items.
function PrintRecursive(value, limit, indent)
   local left = limit or 100
   local function show(inner, path)
      if left < 1 then return end
      left = left - 1
      if type(inner) ~= 'table' then
         print(path, type(inner), inner)
      else
         print(path, 'table')
         for key, item in pairs(inner) do
            show(item, path .. '\t[' .. tostring(key) .. ']')
         end
      end
      if left < 1 then print('ERROR: Item limit reached.') end
   end
   show(value, indent or '')
   return left
end

-- What the running callback wants to be done with instances, once it has returned.
_job = nil

function _InitializeJob()
   _job = {}
end

function _AccessJob()
   return _job
end

local function add(resource, verb, operation)
   if resource == nil then error('Cannot ' .. verb .. ' a nonexistent resource', 3) end
   if _job == nil then
      error('To ' .. verb .. ' a resource this way is for OnStoredInstance() and OnStable...(): use RestApiPost() here', 3)
   end
   operation.Resource = resource
   table.insert(_job, operation)
end

-- Each of these gives what the next one is to be called with.

function SendToModality(resource, modality, localAet)
   add(resource, 'send', { Operation = 'store-scu', Modality = modality, LocalAet = localAet })
   return resource
end

function SendToPeer(resource, peer)
   add(resource, 'send', { Operation = 'store-peer', Peer = peer })
   return resource
end

function Delete(resource)
   add(resource, 'delete', { Operation = 'delete' })
   return nil
end

function ModifyResource(resource, replacements, removals, removePrivateTags)
   if resource == '' then error('Cannot modify a resource twice', 2) end
   add(resource, 'modify', {
      Operation = 'modify',
      Replace = replacements,
      Remove = removals,
      RemovePrivateTags = removePrivateTags
   })
   return ''
end

function ModifyInstance(...)
   return ModifyResource(...)
end

function CallSystem(resource, command, arguments)
   if command == nil then error('No command was given', 2) end
   add(resource, 'call a command on', { Operation = 'call-system', Command = command, Arguments = arguments or {} })
   return resource
end
