package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Finds the head of the answer itself, behind any interim ones, which are not passed on. Confined to one event loop; made
 * once per relay and cleared between attempts.
 */
final class AnswerHead {

    /** Interim heads before one answer; more is no provider. */
    private static final int MAX_INTERIM = 8;

    private final ResponseHead head;
    private int interim;
    private String failure;

    /** @param maxBytes of one head */
    AnswerHead(int maxBytes) {
        head = new ResponseHead(maxBytes);
    }

    /** Borrows {@code bytes}, as {@link ResponseHead#read} does. */
    Progress read(ByteBuf bytes, ByteBufAllocator alloc) {
        while (bytes.isReadable()) {
            Progress progress = head.read(bytes, alloc);
            if (progress == Progress.MALFORMED) {
                return fail("malformed head: " + head.malformed());
            }
            if (progress == Progress.MORE || head.status() >= 200) {
                return progress;
            }
            // Not the answer (trap 2), except for 101: what follows that would not be HTTP (trap 4).
            if (head.status() == 101 || ++interim > MAX_INTERIM) {
                return fail("unexpected status " + head.status());
            }
            head.clear();
        }
        return Progress.MORE;
    }

    /** Reads a head that has been read once, whole, and moves {@code bytes} behind it. */
    ResponseHead again(ByteBuf bytes, ByteBufAllocator alloc) {
        clear();
        if (read(bytes, alloc) != Progress.COMPLETE) {
            throw new IllegalStateException("a head that was complete is not any more");
        }
        return head;
    }

    private Progress fail(String reason) {
        failure = reason;
        return Progress.MALFORMED;
    }

    /** What is wrong; {@code null} unless {@link Progress#MALFORMED}. */
    String failure() {
        return failure;
    }

    /** The head of the answer, once complete and until {@link #clear}. */
    ResponseHead complete() {
        return head;
    }

    void clear() {
        head.clear();
        interim = 0;
        failure = null;
    }
}
