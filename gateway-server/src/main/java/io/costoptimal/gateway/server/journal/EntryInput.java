package io.costoptimal.gateway.server.journal;

import java.util.ArrayList;
import java.util.List;

/** Reads a lane's bytes in the order in which {@link EntryOutput} puts them. Confined to the journal's thread. */
final class EntryInput {

    private final byte[] bytes;
    private final List<Name> names = new ArrayList<>();
    private int at;

    EntryInput(byte[] bytes) {
        this.bytes = bytes;
    }

    void moveTo(int index) {
        at = index;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Passes {@code n} bytes, and returns where they begin. */
    int skip(int n) {
        int from = at;
        at += n;
        return from;
    }

    int getByte() {
        return bytes[at++];
    }

    int getShort() {
        int value = (short) EntryOutput.SHORT.get(bytes, at);
        at += Short.BYTES;
        return value;
    }

    int getInt() {
        int value = (int) EntryOutput.INT.get(bytes, at);
        at += Integer.BYTES;
        return value;
    }

    long getLong() {
        long value = (long) EntryOutput.LONG.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    /** The lane numbers its names anew from here on. */
    void forgetNames() {
        names.clear();
    }

    /** A name, {@code null} where there is none. It is spelled out where it comes for the first time. */
    Name getName() {
        int number = getShort();
        if (number < 0) {
            return null;
        }
        if (number == names.size()) {
            names.add(new Name(new Text().read(this).toString()));
        }
        return names.get(number);
    }
}
