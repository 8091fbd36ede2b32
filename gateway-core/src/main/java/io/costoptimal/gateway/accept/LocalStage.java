package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.buffer.ByteBuf;

/**
 * Answers what no provider is asked for, once the request has been read; passes everything else. One for each runner,
 * confined to its event loop.
 */
public final class LocalStage implements Stage {

    /** These operations have no use for a body; more than this of one is refused. */
    private static final int MAX_BODY = 64 * 1024;

    private final LocalService service;

    private Exchange exchange;
    private Run run;

    public LocalStage(LocalService service) {
        this.service = service;
    }

    @Override
    public void enter(Exchange entered, Run run) {
        if (entered.target().operation().proxied()) {
            run.next();
        } else {
            this.run = run;
            exchange = entered;
        }
    }

    @Override
    public void body(ByteBuf piece, boolean last) {
        piece.release();
        if (exchange.requestBytes() > MAX_BODY) {
            run.refuse(Rejection.of(413, null, "This operation takes no body."));
        } else if (last) {
            answer();
        }
    }

    private void answer() {
        if (exchange.target().operation() != Operations.PREFLIGHT) {
            run.answer(service.answer(exchange));
        } else if (Preflight.mayAsk(exchange)) {
            run.answer(Preflight.answer(exchange));
        } else {
            run.refuse(Preflight.REFUSAL);
        }
    }

    @Override
    public void over(Outcome outcome) {
        exchange = null;
    }
}
