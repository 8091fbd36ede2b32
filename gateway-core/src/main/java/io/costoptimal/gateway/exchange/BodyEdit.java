package io.costoptimal.gateway.exchange;

import java.util.List;

/**
 * One change to a request body on its way to a provider: the bytes from {@code start} to {@code end} give way to others. The
 * held body itself is never changed, so each candidate can get edits of its own.
 *
 * <p>A list of edits is in the order of the body, and no two of them touch the same byte. Each offset is one of the body as
 * the client sent it, whatever the edits before it do to its length.
 *
 * @param start offset of the first byte left out
 * @param end offset just past the last byte left out; the same as {@code start} to insert
 * @param bytes what comes there instead, maybe nothing; not changed afterwards
 */
public record BodyEdit(int start, int end, byte[] bytes) {

    /**
     * Returns how long a body of {@code length} bytes is with {@code edits}.
     *
     * @throws IllegalArgumentException when the edits are out of order, overlap, or go beyond the body: a defect of whoever
     *     made them
     */
    static int lengthWith(List<BodyEdit> edits, int length) {
        int edited = length;
        int free = 0;
        for (int i = 0; i < edits.size(); i++) {
            BodyEdit edit = edits.get(i);
            if (edit.start < free || edit.end < edit.start || edit.end > length) {
                throw new IllegalArgumentException("edit " + i + " from " + edit.start + " to " + edit.end
                        + " (expected: in order, from " + free + " to at most " + length + ")");
            }
            edited += edit.bytes.length - (edit.end - edit.start);
            free = edit.end;
        }
        return edited;
    }
}
