package io.costoptimal.gateway.server.simulator;

import io.costoptimal.gateway.server.simulator.ErrorScripts.Problem;
import io.costoptimal.gateway.server.simulator.objects.Refusal;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.exc.StreamReadException;

/** Decides the answer to each request. Immutable, any thread. */
final class Answers {

    private static final String HEADER_PREFIX = "x-sim-";

    private final SimulatorSettings settings;
    private final Kept kept = new Kept();

    Answers(SimulatorSettings settings) {
        this.settings = settings;
    }

    /** Decides the answer to {@code request}, which is borrowed. */
    Reply to(FullHttpRequest request) {
        Api.Target target = Api.find(request.uri());
        boolean text =
                target != null && target.api().method().equals(request.method().name());
        boolean object = !text && kept.knows(request.uri());
        boolean anthropic = target != null && target.api().anthropic()
                || (target != null || object) && speaksAnthropic(request.headers());
        Reply.Client client = new Reply.Client(
                request.protocolVersion().minorVersion() > 0,
                HttpUtil.isKeepAlive(request),
                anthropic,
                coding(request.headers()));
        try {
            Behaviour behaviour = asked(settings.behaviour(), request.headers());
            if (target == null && !object) {
                String line = request.method() + " " + request.uri();
                throw new Refused(Problem.of(404, "Invalid URL (" + line + ")"));
            }
            if (!text && !object) {
                throw new Refused(Problem.of(405, "Not allowed to " + request.method() + " here."));
            }
            if (!letIn(request.headers())) {
                throw new Refused(Problem.of(401, "Incorrect API key provided."));
            }
            if (object) {
                refuseIfFaulty(behaviour);
                return kept.answer(request, behaviour, client);
            }
            return target.api().method().equals("GET")
                    ? list(target, behaviour, client)
                    : text(target, request, behaviour, client);
        } catch (Refusal e) {
            Problem problem = Problem.of(e.status(), e.getMessage());
            return new Reply(problem.status(), ErrorScripts.of(problem, anthropic, false), Behaviour.DEFAULTS, client);
        } catch (Refused e) {
            boolean azure = target != null && target.azure();
            return new Reply(
                    e.problem.status(),
                    ErrorScripts.of(e.problem, anthropic, azure),
                    e.behaviour == null ? Behaviour.DEFAULTS : e.behaviour,
                    client);
        }
    }

    private Reply list(Api.Target target, Behaviour behaviour, Reply.Client client) {
        refuseIfFaulty(behaviour);
        if (target.api() == Api.MODELS) {
            Script list = FixedScripts.models(settings.access().models(), client.anthropic());
            return new Reply(200, list, behaviour, client);
        }
        if (!settings.access().models().contains(target.name())) {
            throw new Refused(unknownModel(target.name()));
        }
        return new Reply(200, FixedScripts.model(target.name(), client.anthropic()), behaviour, client);
    }

    private Reply text(Api.Target target, FullHttpRequest request, Behaviour asked, Reply.Client client) {
        byte[] body = ByteBufUtil.getBytes(request.content());
        Ask ask;
        try {
            ask = kept.named(target.api(), Ask.read(body), body, request.headers());
        } catch (StreamReadException e) {
            throw new Refused(Problem.of(400, "We could not parse the JSON body of your request."));
        }
        String named = target.name() == null ? ask.model() : target.name();
        if (named == null) {
            throw new Refused(Problem.of(400, "you must provide a model parameter"));
        }
        int at = named.indexOf('@');
        String model = at < 0 ? named : named.substring(0, at);
        Behaviour behaviour = at < 0 ? asked : asked(asked, named.substring(at + 1));
        refuseIfFaulty(behaviour);
        Text text = ask.tool() == null
                ? new Text.Filler(behaviour.size().events(), behaviour.size().eventBytes(), stamps(ask, behaviour))
                : Text.of(ask.tool().arguments(), 8);
        int said = target.api() == Api.EMBEDDINGS ? 0 : text.count();
        Bill bill = behaviour.billing().bill(ask.input().tokens(), said);
        Script script = script(target.api(), ask, model, new Reply.Words(text, bill));
        if (behaviour.fault().kind() == Fault.Kind.ERROR && !script.stream()) {
            throw new Refused(Problem.of(500, "The simulated provider failed."));
        }
        if (ask.id() != null) {
            Reply.Words words = new Reply.Words(text, bill);
            Script whole = script(target.api(), ask.whole(), model, words);
            Script instead = kept.keep(ask, whole, text, body, request.headers());
            if (instead != null) {
                return new Reply(200, instead, new Reply.Words(Text.NONE, bill), behaviour, client);
            }
        }
        boolean worded = target.api() == Api.CHAT
                || target.api() == Api.COMPLETIONS
                || target.api() == Api.RESPONSES
                || target.api() == Api.MESSAGES && !wholeToolUse(ask);
        return new Reply(200, script, new Reply.Words(worded ? text : Text.NONE, bill), behaviour, client);
    }

    private static Script script(Api api, Ask ask, String model, Reply.Words words) {
        return switch (api) {
            case CHAT -> ChatScripts.chat(ask, model, words.bill());
            case COMPLETIONS -> ChatScripts.completion(ask, model, words.bill());
            case RESPONSES ->
                ask.stream() ? new ResponsesStream(ask, model, words) : ResponsesStream.whole(ask, model, words);
            case RESPONSES_INPUT_TOKENS -> FixedScripts.inputTokens(ask);
            case MESSAGES -> MessagesScripts.of(ask, model, words.bill());
            case MESSAGES_COUNT_TOKENS -> FixedScripts.countTokens(ask);
            case EMBEDDINGS -> FixedScripts.embeddings(ask, model, words.bill());
            case MODELS, MODEL -> throw new IllegalStateException(api + " has no body");
        };
    }

    private static boolean wholeToolUse(Ask ask) {
        return ask.tool() != null && !ask.stream();
    }

    private static boolean stamps(Ask ask, Behaviour behaviour) {
        return behaviour.timestamps() && ask.stream();
    }

    private static void refuseIfFaulty(Behaviour behaviour) {
        if (behaviour.fault().kind().answer()) {
            throw new Refused(ErrorScripts.problem(behaviour.fault()), behaviour);
        }
    }

    private static Problem unknownModel(String model) {
        String message = "The model `" + model + "` does not exist or you do not have access to it.";
        return new Problem(404, "invalid_request_error", "model_not_found", null, message);
    }

    private boolean letIn(HttpHeaders headers) {
        String token = settings.access().token();
        return token == null
                || ("Bearer " + token).equals(headers.get(HttpHeaderNames.AUTHORIZATION))
                || token.equals(headers.get("x-api-key"))
                || token.equals(headers.get("api-key"));
    }

    private Packer.Coding coding(HttpHeaders headers) {
        return settings.compressing() ? Packer.Coding.allowedBy(headers.getAll(HttpHeaderNames.ACCEPT_ENCODING)) : null;
    }

    private static boolean speaksAnthropic(HttpHeaders headers) {
        return headers.contains("anthropic-version");
    }

    /** Applies the {@code x-sim-} headers to {@code behaviour}. */
    private static Behaviour asked(Behaviour behaviour, HttpHeaders headers) {
        Behaviour result = behaviour;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (name.regionMatches(true, 0, HEADER_PREFIX, 0, HEADER_PREFIX.length())) {
                result = changed(result, name.substring(HEADER_PREFIX.length()), header.getValue());
            }
        }
        return result;
    }

    /** Applies {@code name=value,name=value} to {@code behaviour}. */
    private static Behaviour asked(Behaviour behaviour, String pairs) {
        Behaviour result = behaviour;
        for (String pair : pairs.split(",")) {
            int equals = pair.indexOf('=');
            result = changed(result, equals < 0 ? pair : pair.substring(0, equals), pair.substring(equals + 1));
        }
        return result;
    }

    private static Behaviour changed(Behaviour behaviour, String name, String value) {
        try {
            return behaviour.with(name.toLowerCase(Locale.ROOT), value);
        } catch (IllegalArgumentException e) {
            throw new Refused(Problem.of(400, e.getMessage()));
        }
    }

    /** Ends the search for an answer with an error. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Problem problem;
        private final transient Behaviour behaviour;

        Refused(Problem problem) {
            this(problem, null);
        }

        Refused(Problem problem, Behaviour behaviour) {
            super(problem.message(), null, false, false);
            this.problem = problem;
            this.behaviour = behaviour;
        }
    }
}
