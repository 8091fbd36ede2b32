package io.costoptimal.gateway.accept;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header of HAProxy's PROXY protocol, version 1 or 2, at the start of a connection: by the specification of 2020, and
 * nothing that it does not allow. Stateless, any thread.
 */
final class ProxyHeader {

    /** Bytes of a header of version 1 at most, its line end included. */
    private static final int MAX_LINE = 107;

    /** Bytes of a header of version 2 behind its first {@link #FIXED}: more than addresses and any known vendor's TLVs. */
    private static final int MAX_REST = 4096;

    private static final int FIXED = 16;
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final byte[] WORD = {'P', 'R', 'O', 'X', 'Y', ' '};

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    /** Bytes of two addresses, and their ports. */
    private static final int IPV4 = 2 * (4 + 2);

    private static final int IPV6 = 2 * (16 + 2);
    private static final int UNIX = 2 * 108;

    private static final String PORT = "(?:0|[1-9][0-9]{0,4})";
    private static final Pattern LINE = Pattern.compile(
            "PROXY (?:(TCP[46]) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) (" + PORT + ") (" + PORT + ")|UNKNOWN(?: .*)?)");

    private ProxyHeader() {}

    /**
     * A header that was read.
     *
     * @param source where the client is; {@code null} when the proxy speaks for itself, or for what has no IP address
     */
    record Header(InetAddress source) {}

    /** What stands at the start of a connection is no such header; the message says what is wrong with it. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;

        private Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads a header that begins at {@code in}'s reader index, and moves that behind it.
     *
     * @param in borrowed; not moved while something is missing
     * @return {@code null} while something is missing
     */
    static Header read(ByteBuf in) throws Malformed {
        if (!in.isReadable()) {
            return null;
        }
        return in.getByte(in.readerIndex()) == SIGNATURE[0] ? binary(in) : line(in);
    }

    private static boolean begins(ByteBuf in, byte[] expected) throws Malformed {
        int n = Math.min(in.readableBytes(), expected.length);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != expected[i]) {
                throw new Malformed("does not begin with a PROXY header");
            }
        }
        return n == expected.length;
    }

    private static Header line(ByteBuf in) throws Malformed {
        if (!begins(in, WORD)) {
            return null;
        }
        int length = Math.min(in.readableBytes(), MAX_LINE);
        int feed = in.indexOf(in.readerIndex(), in.readerIndex() + length, (byte) '\n');
        if (feed < 0) {
            if (length == MAX_LINE) {
                throw new Malformed("PROXY header longer than " + MAX_LINE + " bytes");
            }
            return null;
        }
        int end = feed - 1 - in.readerIndex();
        String text = in.toString(in.readerIndex(), end, StandardCharsets.ISO_8859_1);
        Matcher parts = LINE.matcher(text);
        if (in.getByte(feed - 1) != '\r' || !parts.matches()) {
            throw new Malformed("PROXY header that cannot be read");
        }
        InetAddress source = null;
        if (parts.group(1) != null) {
            int family = parts.group(1).equals("TCP4") ? 4 : 16;
            source = address(parts.group(2), family);
            address(parts.group(3), family);
            port(parts.group(4));
            port(parts.group(5));
        }
        in.readerIndex(feed + 1);
        return new Header(source);
    }

    private static InetAddress address(String text, int length) throws Malformed {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null || bytes.length != length) {
            throw new Malformed("PROXY header with an address of another family");
        }
        return address(bytes);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void port(String text) throws Malformed {
        if (Integer.parseInt(text) > 0xffff) {
            throw new Malformed("PROXY header with a port beyond 65535");
        }
    }

    private static Header binary(ByteBuf in) throws Malformed {
        if (!begins(in, SIGNATURE) || in.readableBytes() < FIXED) {
            return null;
        }
        int start = in.readerIndex();
        int command = in.getUnsignedByte(start + SIGNATURE.length);
        int family = in.getUnsignedByte(start + SIGNATURE.length + 1);
        int rest = in.getUnsignedShort(start + SIGNATURE.length + 2);
        if (command != LOCAL && command != PROXY) {
            throw new Malformed("PROXY header of another version or command");
        }
        // A LOCAL connection is the proxy's own, whatever family stands there.
        int addresses = command == LOCAL ? 0 : addressBytes(family);
        if (addresses < 0) {
            throw new Malformed("PROXY header for what is no stream");
        }
        if (rest > MAX_REST || rest < addresses) {
            throw new Malformed("PROXY header of " + rest + " bytes");
        }
        if (in.readableBytes() < FIXED + rest) {
            return null;
        }
        in.readerIndex(start + FIXED + rest);
        if (addresses != IPV4 && addresses != IPV6) {
            return new Header(null);
        }
        byte[] source = new byte[addresses == IPV4 ? 4 : 16];
        in.getBytes(start + FIXED, source);
        return new Header(address(source));
    }

    /** Bytes of both addresses and ports of a stream; -1 for what is none. */
    private static int addressBytes(int family) {
        return switch (family) {
            case 0x00 -> 0;
            case 0x11 -> IPV4;
            case 0x21 -> IPV6;
            case 0x31 -> UNIX;
            default -> -1;
        };
    }
}
