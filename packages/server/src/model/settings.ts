// Every option of the server under Orthanc's name. Made by config/, frozen, handed to whoever needs it.
export interface Settings {
  readonly Name: string;
}
