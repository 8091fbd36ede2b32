package io.costoptimal.gateway.exchange;

import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Everything that an embedder is asked and told about one exchange while it runs. There is none where nobody wants to know.
 * Confined to the event loop of the exchange.
 *
 * <p>What a hook throws is logged here and goes no further.
 */
public final class EmbedderCalls {

    private static final RareWarning FAILURES = new RareWarning(InternalLoggerFactory.getInstance(EmbedderCalls.class));

    private final RequestFields fields;
    private final ProviderFields added;
    /** {@code null} for nobody. */
    private ExchangeHook hook;

    /**
     * @param fields of the request, as embedders may see them
     * @param added what the embedder adds to requests to providers
     */
    public EmbedderCalls(RequestFields fields, ProviderFields added) {
        this.fields = Objects.requireNonNull(fields, "fields");
        this.added = Objects.requireNonNull(added, "added");
    }

    /** The request as embedders may see it. */
    public RequestFields fields() {
        return fields;
    }

    /** {@code exchange} starts: finds out who hears of the rest. Once, before the other calls. */
    public void started(Exchange exchange, ExchangeHooks hooks) {
        try {
            hook = hooks.started(exchange, fields);
        } catch (Throwable e) {
            failed(exchange, e);
        }
    }

    void attemptStarted(Exchange exchange) {
        tell(exchange, told -> told.attemptStarted(exchange));
    }

    void attemptFailed(Exchange exchange, UpstreamFailure failure) {
        tell(exchange, told -> told.attemptFailed(exchange, failure));
    }

    /** The head of the present attempt's answer is here; borrowed for the length of this call. */
    public void answerStarted(Exchange exchange, AnswerFields head) {
        tell(exchange, told -> told.answerStarted(exchange, head));
    }

    /** {@code exchange} has ended, and all is known of it. */
    public void ended(Exchange exchange) {
        tell(exchange, told -> told.ended(exchange));
    }

    /** What the embedder adds to the present attempt's request; what that throws is the caller's. */
    Map<String, String> added(Exchange exchange) {
        return added == ProviderFields.NONE ? Map.of() : Objects.requireNonNull(added.of(exchange, fields), "fields");
    }

    private void tell(Exchange exchange, Consumer<ExchangeHook> what) {
        if (hook != null) {
            try {
                what.accept(hook);
            } catch (Throwable e) {
                failed(exchange, e);
            }
        }
    }

    private static void failed(Exchange exchange, Throwable cause) {
        OutOfMemory.passOn(cause);
        FAILURES.log("hook_failed exchange=" + exchange.id(), cause);
    }
}
