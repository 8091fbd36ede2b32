package io.costoptimal.gateway.http;

/** Takes the fields of a head one by one, as ranges of bytes. */
@FunctionalInterface
public interface FieldSink {

    /**
     * One field. The arrays are borrowed for the length of this call.
     *
     * @param names has the name, a token (RFC 9110, 5.6.2) in whatever case it came, from {@code name} to {@code nameEnd}
     * @param values has the value (RFC 9110, 5.5) without blanks around it, from {@code value} to {@code valueEnd}
     */
    void field(byte[] names, int name, int nameEnd, byte[] values, int value, int valueEnd);
}
