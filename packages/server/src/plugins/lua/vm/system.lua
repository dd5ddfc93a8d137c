-- The libraries io and os, and the loading of modules, on the files of the server's machine. The functions of the same names that
-- come with the interpreter see a file system of their own, in memory.
local open, read, line, all = _system_open, _system_read, _system_line, _system_all
local write, seek, close = _system_write, _system_seek, _system_close
local remove, rename, temporary = _system_remove, _system_rename, _system_temporary
local variable, execute, capture = _system_variable, _system_execute, _system_capture
for name in pairs(_G) do
   if string.sub(name, 1, 8) == '_system_' then _G[name] = nil end
end

local File = { __name = 'FILE*' }
File.__index = File

local function fileOf(handle, atEnd)
   return setmetatable({ handle = handle, atEnd = atEnd }, File)
end

local function checked(file)
   if getmetatable(file) ~= File then error('bad argument (FILE* expected, got ' .. type(file) .. ')', 3) end
   if file.handle == nil then error('attempt to use a closed file', 3) end
   return file
end

function File.__tostring(file)
   return file.handle and 'file (' .. file.handle .. ')' or 'file (closed)'
end

function File.__gc(file)
   if file.handle and file.handle > 2 then file:close() end
end
File.__close = File.__gc

local function readNumber(file)
   local text = ''
   while true do
      local letter = read(file.handle, 1)
      if letter == nil then break end
      if string.find(letter, '[%w.+-]') then
         text = text .. letter
      elseif text ~= '' or not string.find(letter, '%s') then
         if seek(file.handle, 'cur', -1) == nil then file.handle = file.handle end
         break
      end
      if #text > 200 then break end
   end
   return tonumber(text)
end

local function readOne(file, format)
   if type(format) == 'number' then
      if format > 0 then return read(file.handle, format) end
      local letter = read(file.handle, 1)
      if letter == nil then return nil end
      seek(file.handle, 'cur', -1)
      return ''
   end
   local kind = string.sub(string.gsub(format, '^%*', ''), 1, 1)
   if kind == 'l' then return line(file.handle, false) end
   if kind == 'L' then return line(file.handle, true) end
   if kind == 'a' then return all(file.handle) end
   if kind == 'n' then return readNumber(file) end
   error('bad argument (invalid format)', 3)
end

function File:read(...)
   checked(self)
   local formats = select('#', ...) == 0 and { 'l' } or { ... }
   local values = {}
   for position, format in ipairs(formats) do
      local value, message, code = readOne(self, format)
      if value == nil and message then return nil, message, code end
      values[position] = value
      if value == nil then return table.unpack(values, 1, position) end
   end
   return table.unpack(values, 1, #formats)
end

function File:write(...)
   checked(self)
   for position = 1, select('#', ...) do
      local value = select(position, ...)
      if type(value) ~= 'string' and type(value) ~= 'number' then
         error('bad argument #' .. position .. " to 'write' (string expected, got " .. type(value) .. ')', 2)
      end
      if self.input then
         table.insert(self.input, tostring(value))
      else
         local done, message, code = write(self.handle, tostring(value))
         if not done then return nil, message, code end
      end
   end
   return self
end

function File:seek(whence, offset)
   checked(self)
   return seek(self.handle, whence or 'cur', offset or 0)
end

function File:lines(...)
   checked(self)
   local formats = table.pack(...)
   return function() return self:read(table.unpack(formats, 1, formats.n)) end
end

function File:close()
   checked(self)
   local handle, atEnd = self.handle, self.atEnd
   self.handle = nil
   if handle ~= 0 or not self.input then close(handle) end
   if atEnd then return atEnd(self) end
   return true
end

function File:flush()
   return checked(self)
end

function File:setvbuf()
   return true
end

local function opened(path, mode)
   if not string.find(mode, '^[rwa]%+?b?$') then error("bad argument #2 to 'open' (invalid mode)", 3) end
   local handle, message, code = open(path, mode)
   if handle == nil then return nil, path .. ': ' .. message, code end
   return fileOf(handle)
end

io = { stdin = fileOf(0), stdout = fileOf(1), stderr = fileOf(2) }
local input, output = io.stdin, io.stdout

function io.open(path, mode)
   return opened(path, mode or 'r')
end

function io.close(file)
   return (file or output):close()
end

local function redirected(file, mode)
   if type(file) ~= 'string' then return checked(file) end
   local found, message = opened(file, mode)
   if not found then error(message, 3) end
   return found
end

function io.input(file)
   if file then input = redirected(file, 'r') end
   return input
end

function io.output(file)
   if file then output = redirected(file, 'w') end
   return output
end

function io.read(...)
   return input:read(...)
end

function io.write(...)
   return output:write(...)
end

function io.lines(path, ...)
   if path == nil then return input:lines(...) end
   local file, message = opened(path, 'r')
   if not file then error(message, 2) end
   local formats = table.pack(...)
   return function()
      if file.handle == nil then return nil end
      local values = table.pack(file:read(table.unpack(formats, 1, formats.n)))
      if values[1] == nil then file:close() end
      return table.unpack(values, 1, values.n)
   end
end

function io.tmpfile()
   return opened(temporary(), 'w+')
end

function io.type(value)
   if type(value) ~= 'table' or getmetatable(value) ~= File then return nil end
   return value.handle and 'file' or 'closed file'
end

-- A command that writes has run to its end when this returns; one that reads runs when the file is closed.
function io.popen(command, mode)
   if mode == 'w' then
      local file = fileOf(0, function(self) return execute(command, table.concat(self.input)) end)
      file.input = {}
      return file
   end
   local handle, reason, code = capture(command)
   if handle == nil then return nil, reason, code end
   return fileOf(handle, function() return reason == 'exit' and code == 0 or nil, reason, code end)
end

os.getenv = variable
os.remove = function(path)
   local done, message, code = remove(path)
   if done then return true end
   return nil, path .. ': ' .. message, code
end
os.rename = function(from, to)
   local done, message, code = rename(from, to)
   if done then return true end
   return nil, from .. ': ' .. message, code
end
os.tmpname = function()
   local path = temporary()
   local file = assert(opened(path, 'w'))
   file:close()
   return path
end
os.execute = function(command)
   if command == nil then return true end
   return execute(command)
end
os.exit = function()
   error('a script cannot end the server: POST /tools/shutdown does', 2)
end

local function readFile(path)
   local file, message = opened(path, 'r')
   if not file then return nil, message end
   local content = file:read('a')
   file:close()
   return string.gsub(content, '^#[^\n]*', '')
end

function loadfile(path, mode, env)
   local content, message = readFile(path)
   if not content then return nil, 'cannot open ' .. message end
   if env == nil then return load(content, '@' .. path, mode) end
   return load(content, '@' .. path, mode, env)
end

function dofile(path)
   local chunk, message = loadfile(path)
   if not chunk then error(message, 0) end
   return chunk()
end

package.path = variable('LUA_PATH_5_4') or variable('LUA_PATH') or './?.lua;./?/init.lua'
package.path = string.gsub(package.path, ';;', ';./?.lua;')
package.cpath = ''

function package.searchpath(name, path, separator, replacement)
   local file = string.gsub(name, '%' .. (separator or '.'), replacement or '/')
   local tried = {}
   for template in string.gmatch(path, '[^;]+') do
      local candidate = string.gsub(template, '%?', file)
      local found = opened(candidate, 'r')
      if found then
         found:close()
         return candidate
      end
      table.insert(tried, "no file '" .. candidate .. "'")
   end
   return nil, table.concat(tried, '\n\t')
end

package.searchers = {
   package.searchers[1],
   function(name)
      local path, message = package.searchpath(name, package.path)
      if not path then return message end
      local chunk, problem = loadfile(path)
      if not chunk then error("error loading module '" .. name .. "' from file '" .. path .. "':\n\t" .. problem, 0) end
      return chunk, path
   end
}
