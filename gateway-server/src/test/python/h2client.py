# A POST by HTTP/2 over Python's h2, which refuses every frame that RFC 9113 does not allow.
# Arguments: port, path, key, and the authority's file for TLS or nothing. The body comes by standard input; the status, a line end
# and the answer's body go to standard output. A stream that is reset or a connection that ends before it is an error.
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events

port, path, key, authority = sys.argv[1:5]
body = sys.stdin.buffer.read()

sock = socket.create_connection(("localhost", int(port)))
sock.settimeout(50)
if authority:
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(["h2", "http/1.1"])
    sock = context.wrap_socket(sock, server_hostname="localhost")
    assert sock.selected_alpn_protocol() == "h2", sock.selected_alpn_protocol()

connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
connection.initiate_connection()
stream = connection.get_next_available_stream_id()
connection.send_headers(
    stream,
    [
        (":method", "POST"),
        (":scheme", "https" if authority else "http"),
        (":authority", f"localhost:{port}"),
        (":path", path),
        ("authorization", f"Bearer {key}"),
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
    ],
)

status, answer, ended = None, b"", False
while not ended:
    while body is not None:
        window = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size)
        if body and window <= 0:
            break
        piece, body = body[:window], body[window:] or None
        connection.send_data(stream, piece, end_stream=body is None)
    sock.sendall(connection.data_to_send())
    received = sock.recv(65536)
    assert received, "the connection ended"
    for event in connection.receive_data(received):
        if isinstance(event, h2.events.ResponseReceived):
            status = dict(event.headers)[":status"]
        elif isinstance(event, h2.events.DataReceived):
            answer += event.data
            connection.acknowledge_received_data(event.flow_controlled_length, stream)
        elif isinstance(event, h2.events.StreamEnded):
            ended = True
        elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
            sys.exit(f"{event}")

connection.close_connection()
sock.sendall(connection.data_to_send())
sys.stdout.buffer.write(status.encode() + b"\n" + answer)
