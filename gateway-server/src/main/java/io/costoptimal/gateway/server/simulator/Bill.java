package io.costoptimal.gateway.server.simulator;

/**
 * What an answer is billed for, in tokens. Immutable.
 *
 * @param input what was read
 * @param output what was said
 * @param told whether the answer says so, where its API has a place for it
 */
public record Bill(Input input, Output output, boolean told) {

    /**
     * Classes of input that do not overlap.
     *
     * @param uncached neither read from a cache nor written to one
     * @param cached read from a cache
     * @param written written to a cache for five minutes
     * @param written1h written to a cache for an hour
     */
    public record Input(long uncached, long cached, long written, long written1h) {

        long total() {
            return uncached + cached + written + written1h;
        }
    }

    /**
     * Output.
     *
     * @param tokens all of it
     * @param reasoning the part of it that is reasoning
     */
    public record Output(long tokens, long reasoning) {}

    /** The same for another number of output tokens, none of them reasoning. */
    Bill saying(long tokens) {
        return new Bill(input, new Output(tokens, 0), told);
    }

    /** As a chat completion says it: its input includes what was cached. */
    String inChat() {
        return "{\"prompt_tokens\":" + input.total() + ",\"completion_tokens\":" + output.tokens + ",\"total_tokens\":"
                + (input.total() + output.tokens) + ",\"prompt_tokens_details\":{\"cached_tokens\":" + input.cached
                + writtenInDetail() + ",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":"
                + output.reasoning
                + ",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}";
    }

    /** As a response says it: its input includes what was cached. */
    String inResponse() {
        return "{\"input_tokens\":" + input.total() + ",\"input_tokens_details\":{\"cached_tokens\":" + input.cached
                + ",\"cache_write_tokens\":" + written() + "},\"output_tokens\":" + output.tokens
                + ",\"output_tokens_details\":{\"reasoning_tokens\":" + output.reasoning + "},\"total_tokens\":"
                + (input.total() + output.tokens) + "}";
    }

    /** As a message says it: its input is what was neither cached nor written. */
    String inMessage() {
        return "{\"input_tokens\":" + input.uncached + ",\"cache_creation_input_tokens\":" + written()
                + ",\"cache_read_input_tokens\":" + input.cached
                + ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":" + input.written
                + ",\"ephemeral_1h_input_tokens\":" + input.written1h + "},\"output_tokens\":" + output.tokens
                + ",\"service_tier\":\"standard\"}";
    }

    private String writtenInDetail() {
        return written() == 0 ? "" : ",\"cache_write_tokens\":" + written();
    }

    private long written() {
        return input.written + input.written1h;
    }
}
