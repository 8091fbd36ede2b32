package io.costoptimal.gateway.exchange;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;

/** A range of IP addresses of one family: those that begin with the same bits (RFC 4632, 3.1; RFC 4291, 2.3). Immutable. */
public final class Network {

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads {@code address/bits}, or an address alone, which is a range of one. Bits behind the first ones count for nothing.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = text.contains("%") || text.contains("[")
                ? null
                : NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        String prefix = slash < 0 ? "" : text.substring(slash + 1);
        boolean fits = address != null && (slash < 0 || prefix.matches("0|[1-9][0-9]{0,2}"));
        int bits = fits && slash >= 0 ? Integer.parseInt(prefix) : 0;
        if (!fits || bits > 8 * address.length) {
            throw new IllegalArgumentException("an address, or a range of them such as 10.0.0.0/8 or fd00::/8");
        }
        return new Network(address, slash < 0 ? 8 * address.length : bits);
    }

    /**
     * The addresses that begin like {@code address}.
     *
     * @param address 4 or 16 bytes
     * @param bits how many have to be alike; more than there are stand for all
     */
    public static Network of(byte[] address, int bits) {
        return new Network(address.clone(), Math.min(bits, 8 * address.length));
    }

    /** Whether {@code other} is in this range. */
    public boolean contains(InetAddress other) {
        return contains(other.getAddress());
    }

    /** @param other 4 or 16 bytes */
    public boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || (other[whole] ^ address[whole]) >> 8 - rest == 0;
    }

    /** Whether every address of its family is in this range. */
    public boolean isEverything() {
        return bits == 0;
    }

    /** Whether bits are set behind the first ones, so that whoever wrote it may have meant something else. */
    public boolean hasOtherBits() {
        for (int bit = bits; bit < 8 * address.length; bit++) {
            if ((address[bit / 8] & 0x80 >> bit % 8) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && network.bits == bits && Arrays.equals(network.address, address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + bits;
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(address) + "/" + bits;
    }
}
