// Options of the REST API and outgoing HTTP, in the order of the printed default file.
import { bool, map, section, text, texts, unset, whole } from '../option.ts';
import { isText } from '../shapes.ts';

export const httpOptions = {
  HttpServerEnabled: bool(true, 'Whether the REST API is served.'),
  OrthancExplorerEnabled: bool(true, 'Whether the web page is served at / and /app.'),
  HttpPort: whole(8042, 'Port of the REST API.', 0, 65535),
  HttpThreadsCount: whole(
    50,
    'Shown in /system and counted against in the metrics; requests are not bound to threads here.',
  ),
  HttpDescribeErrors: bool(true, 'Whether answers of failed requests say why, in JSON.'),
  HttpCompressionEnabled: bool(false, 'Whether answers are compressed for clients that accept it.'),
  KeepAlive: bool(true, 'Whether HTTP connections stay open between requests.'),
  KeepAliveTimeout: whole(1, 'Seconds they stay open.'),
  TcpNoDelay: bool(true, 'Whether small answers are sent at once (no Nagle algorithm).'),
  HttpRequestTimeout: whole(30, 'Seconds of silence after which an HTTP connection is closed.'),
  MaximumRequestBodySizeMB: whole(8192, 'Largest body of a request in MB; 0 is no limit.'),
  MaximumFileSizeInArchiveMB: whole(
    4096,
    'Largest unpacked size in MB of a file in an uploaded archive; 0 is no limit.',
  ),
  HttpBindAddresses: texts(
    [],
    'Addresses to listen on for HTTP; empty is all, or this machine alone where RemoteAccessAllowed is false.',
  ),
  RemoteAccessAllowed: bool(false, 'Whether other machines than this one may use the REST API.'),
  SslEnabled: bool(false, 'Whether the REST API speaks HTTPS.'),
  SslCertificate: text('certificate.pem', 'PEM file with the certificate and the private key for HTTPS.'),
  SslVerifyPeers: bool(false, 'Whether HTTPS clients must show a certificate.'),
  SslTrustedClientCertificates: text(
    'trustedClientCertificates.pem',
    'PEM file of the client certificates that are trusted.',
  ),
  ExecuteLuaEnabled: bool(
    false,
    'Whether POST /tools/execute-script is allowed. It lets its users do anything on this machine.',
  ),
  RestApiWriteToFileSystemEnabled: bool(false, 'Whether POST /instances/{id}/export may write files on this machine.'),
  SslMinimumProtocolVersion: whole(4, 'Oldest TLS spoken for HTTPS: 4 is TLS 1.2, 5 is TLS 1.3.', 0, 5),
  AuthenticationEnabled: unset(bool(false, 'Whether HTTP clients must log in; as RemoteAccessAllowed unless set.')),
  RegisteredUsers: unset(map('a text', 'texts', isText)({}, 'Users of the REST API: "name": "password".')),
  SslCiphersAccepted: unset(texts([], 'OpenSSL names of the ciphers for HTTPS.')),
  WebDavEnabled: bool(true, 'Whether /webdav is served.'),
  WebDavDeleteAllowed: bool(false, 'Whether WebDAV clients may delete.'),
  WebDavUploadAllowed: bool(true, 'Whether WebDAV clients may upload.'),
  HttpProxy: text('', 'Proxy of outgoing HTTP: [user:password@]host:port.'),
  HttpVerbose: bool(false, 'Whether outgoing HTTP is logged in detail.'),
  HttpTimeout: whole(
    60,
    'Seconds to wait for remote HTTP servers: for a connection, for each piece they take, for the answer; 0 is no limit.',
  ),
  HttpsVerifyPeers: bool(true, 'Whether certificates of remote HTTPS servers are checked.'),
  HttpsCACertificates: text('', 'PEM file of trusted authorities; empty is those of the system.'),
  Pkcs11: unset(section({}, 'Smart card for outgoing HTTPS: not supported, and told so in the log.')),
} as const;
