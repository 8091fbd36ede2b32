package io.costoptimal.gateway.server.books;

import java.util.List;
import java.util.Map;

/**
 * One request to be made. Immutable.
 *
 * @param id what the client calls it
 * @param entry of the configuration that serves it
 * @param question what is sent
 * @param wish how the answer is to come
 */
record Order(String id, Entry entry, Question question, Wish wish) {

    /** The operations. */
    enum Api {
        CHAT("/v1/chat/completions", "\"content\":\"[^\"]+\""),
        COMPLETIONS("/v1/completions", "\"text\":\"[^\"]+\""),
        RESPONSES("/v1/responses", "\"type\":\"response.output_text.delta\""),
        MESSAGES("/v1/messages", "\"text\":\"[^\"]+\""),
        EMBEDDINGS("/v1/embeddings", "no stream");

        final String path;
        /** Found once in each event that has a piece of the simulated text. */
        final String piece;

        Api(String path, String piece) {
            this.path = path;
            this.piece = piece;
        }
    }

    /**
     * What is sent.
     *
     * @param model as the client calls it
     * @param body JSON
     * @param input what of it is text
     * @param most tokens of output that it allows; -1 when it does not say
     */
    record Question(Api api, String model, boolean stream, String body, Input input, long most) {}

    /**
     * What of a body is text.
     *
     * @param texts counted each by itself
     * @param overhead tokens beside them
     */
    record Input(List<String> texts, long overhead) {}

    /**
     * How the answer is to come.
     *
     * @param headers beside those of every request
     * @param pieces of text in the answer
     * @param pieceBytes of each
     * @param leaveAfter bytes of the answer's body after which the client leaves; -1 when it stays, 0 when it leaves before
     *     there is an answer
     */
    record Wish(Map<String, String> headers, int pieces, int pieceBytes, int leaveAfter) {}

    Api api() {
        return question.api;
    }

    boolean leavesBeforeTheAnswer() {
        return wish.leaveAfter == 0;
    }
}
