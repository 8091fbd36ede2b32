package io.costoptimal.gateway.load;

/** Request and answer bodies of a given size, in the shape official clients and providers send. */
final class Bodies {

    private static final String PROSE =
            "The quick brown fox considers the shape of the river, and writes a letter about it to nobody in particular. ";

    private Bodies() {}

    /** A chat request of about {@code bytes} bytes, model last as several clients send it. */
    static String request(int bytes, boolean stream) {
        String before = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
        String after = "\"}],\"model\":\"gpt-4o\",\"stream\":" + stream + "}";
        return before + prose(bytes - before.length() - after.length()) + after;
    }

    /** A chat answer of about {@code bytes} bytes. */
    static String answer(int bytes) {
        String before = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
        String after = "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":100,\"total_tokens\":200}}";
        return before + prose(bytes - before.length() - after.length()) + after;
    }

    private static String prose(int bytes) {
        return PROSE.repeat(Math.max(0, bytes) / PROSE.length() + 1).substring(0, Math.max(0, bytes));
    }
}
