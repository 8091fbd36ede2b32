// How the clients reach the gateway. HTTP/1.1 is what Node's own fetch speaks, with TLS or without. For HTTP/2 they get the fetch of
// undici, of which Node's own is an older copy, the way undici's manual says; clients that were made before keep the other.
const makers = {
  PLAIN: async () => {},
  TLS: async () => {},
  TLS_HTTP2: async () => {
    const { Agent, install, setGlobalDispatcher } = await import('undici');
    setGlobalDispatcher(new Agent({ allowH2: true }));
    install();
  },
  PLAIN_HTTP2: async (url) => {
    const { H2CClient, install, setGlobalDispatcher } = await import('undici');
    setGlobalDispatcher(new H2CClient(url));
    install();
  },
};

/** Prepares this process for clients that go to `url` by the wire called `name`. */
export const use = (name, url) => makers[name](url);
