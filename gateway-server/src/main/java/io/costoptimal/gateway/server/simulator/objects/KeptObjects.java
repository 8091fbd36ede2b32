package io.costoptimal.gateway.server.simulator.objects;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a simulated provider keeps, one account for each credential. Any thread; one request at a time. */
public final class KeptObjects {

    private final Rows openAi = new Rows();
    private final Rows anthropic = new Rows();
    private final Map<Client, Account> accounts = new HashMap<>();

    /**
     * A request.
     *
     * @param line what it asks for
     * @param client who sent it
     * @param contentType of its body; {@code null} when it does not say
     * @param body not to be changed
     */
    public record Request(Line line, Client client, String contentType, byte[] body) {}

    /**
     * What is asked for.
     *
     * @param method HTTP method
     * @param path what stands behind the API's root, without the query, as it was sent
     * @param query what stands behind the question mark; may be empty
     */
    public record Line(String method, String path, String query) {}

    /**
     * Who sent a request.
     *
     * @param credential as it was presented; {@code null} for none, who all share one account
     * @param anthropic whether it speaks Anthropic's API
     */
    public record Client(String credential, boolean anthropic) {}

    public KeptObjects() {
        List<Family> both = List.of(
                new MessageBatches(),
                new Files(),
                new Uploads(),
                new Batches(),
                new StoredChats(),
                new StoredResponses(),
                new Conversations(),
                new Images(),
                new Audio(),
                new Moderations(),
                new FineTuning(),
                new VectorStores(),
                new Evals(),
                new Containers(),
                new Realtime(),
                new Videos(),
                new Ranking(),
                new OtherPaths());
        both.forEach(family -> family.addTo(openAi));
        new AnthropicFiles().addTo(anthropic);
        both.forEach(family -> family.addTo(anthropic));
    }

    /** Whether a request for {@code path} is one for objects, by any method. */
    public boolean knows(String path) {
        return openAi.find(null, segments(path)) != null;
    }

    /**
     * Answers {@code request}.
     *
     * @throws Refusal with the error to answer instead
     */
    public synchronized Given answer(Request request) {
        Line line = request.line;
        List<String> path = segments(line.path);
        Rows rows = request.client.anthropic ? anthropic : openAi;
        Rows.Match match = rows.find(line.method, path);
        if (match == null) {
            throw new Refusal(405, "Not allowed to " + line.method + " here.");
        }
        Account account = account(request.client.credential, request.client.anthropic);
        Call.Sent sent = new Call.Sent(request.contentType, request.body);
        return match.answer().apply(new Call(path, match.parameters(), query(line.query), sent, account));
    }

    /** Refuses a request for a response that refers to something which is not {@code credential}'s. */
    public synchronized void check(String credential, byte[] request) {
        StoredResponses.check(account(credential, false), Shape.read(request));
    }

    /**
     * Keeps a response.
     *
     * @param running whether its client is told that it has not begun yet
     * @param response the whole of it, as JSON
     * @param request the body it answers
     * @return what its client gets, as JSON, if it is answered as a whole
     */
    public synchronized byte[] keepResponse(String credential, boolean running, byte[] response, byte[] request) {
        Map<String, Object> made = Shape.read(response);
        StoredResponses.keep(account(credential, false), made, Shape.read(request), running);
        return running ? Shape.write(StoredResponses.queued(made)).getBytes(StandardCharsets.UTF_8) : response;
    }

    /** Keeps a chat completion; {@code chat} is the whole of it and {@code request} the body it answers, as JSON. */
    public synchronized void keepChat(String credential, byte[] chat, byte[] request) {
        StoredChats.keep(account(credential, false), Shape.read(chat), Shape.read(request));
    }

    /** A new id that begins with {@code prefix}. */
    public static String newId(String prefix) {
        return Shape.id(prefix);
    }

    /** One credential has two accounts if it is used with both APIs, whose files have the same paths. */
    private Account account(String credential, boolean anthropic) {
        return accounts.computeIfAbsent(new Client(credential, anthropic), any -> new Account());
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            segments.add(decode(segment.replace("+", "%2B")));
        }
        return segments;
    }

    private static Map<String, String> query(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
