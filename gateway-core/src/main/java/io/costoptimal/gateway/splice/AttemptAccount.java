package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.Uncounted;
import io.costoptimal.gateway.exchange.Usage;

/**
 * Says what each attempt of one relay used: at once where the provider has told it; otherwise the exchange is given what is
 * needed to count it after its end. Confined to the relay's event loop.
 *
 * <p>While the answer of a stream passes, the body of its request is kept, if it may have to be counted and there is room.
 */
final class AttemptAccount {

    private final Relay relay;
    private final Accounting accounting;
    /** Bytes of the request's body that are kept for counting. */
    private int kept;

    AttemptAccount(Relay relay, Accounting accounting) {
        this.relay = relay;
        this.accounting = accounting;
    }

    Accounting accounting() {
        return accounting;
    }

    /** {@code answer} begins to be relayed: the body of its request is released, unless it may have to be counted. */
    void begun(Answer answer) {
        Exchange exchange = relay.exchange();
        if (accounting.on()
                && exchange.body() != null
                && exchange.passing() == null
                && mayBeCounted(exchange, answer)) {
            int length = exchange.body().length();
            if (accounting.bodies().take(length)) {
                kept = length;
                return;
            }
        }
        exchange.releaseBody();
    }

    private static boolean mayBeCounted(Exchange exchange, Answer answer) {
        if (!exchange.uncounted().isEmpty()) {
            return true;
        }
        Usage soFar = answer.usageSoFar();
        return exchange.headStatus() < 400
                && exchange.operation().answers().text() != null
                && (soFar == null || !soFar.input().known());
    }

    /** No usable answer came. What was sent in full may have been worked on all the same, unless it was refused. */
    void unanswered(boolean sent) {
        Exchange exchange = relay.exchange();
        if (accounting.on()
                && sent
                && exchange.headStatus() < 400
                && exchange.operation().answers().text() != null) {
            toCount(exchange, null, null, null);
        }
    }

    /** {@code answer} has ended, {@code whole} or not. */
    void answered(Answer answer, boolean whole) {
        Exchange exchange = relay.exchange();
        Usage told = answer.readNoMore();
        boolean all = answer.complete(whole) && tells(told);
        boolean later = exchange.usageMayComeLater() && !all;
        exchange.settleUsage(all);
        if (later && accounting.on()) {
            answer.dropText();
            toCount(exchange, null, null, null);
            return;
        }
        if (!accounting.on()) {
            exchange.usage(told);
            return;
        }
        Operation.AnswerText text = exchange.operation().answers().text();
        if (exchange.headStatus() >= 400 || text == null || answer.complete(whole) && tellsAll(told, text)) {
            answer.dropText();
            exchange.accounted(
                    told == null ? Accounted.NOTHING : new Accounted(told, Source.REPORTED, answer.rawUsage(), null));
        } else {
            toCount(exchange, told, answer.rawUsage(), text.any() ? answer.takeText() : SeenText.NONE);
        }
    }

    /** Of a response that may go on in the background: whether it has come to its end. */
    private static boolean tells(Usage told) {
        return told != null && told.input().known();
    }

    private static boolean tellsAll(Usage told, Operation.AnswerText text) {
        return told != null && told.input().known() && (told.output().tokens() >= 0 || !text.any());
    }

    private static void toCount(Exchange exchange, Usage told, byte[] raw, SeenText text) {
        exchange.toCount(new Uncounted(
                exchange.attempts() - 1,
                exchange.operation(),
                exchange.modelSent(),
                new Accounted(told, Source.NONE, raw, null),
                text));
    }

    /** The exchange is over, and has its body still. */
    void over() {
        if (kept > 0) {
            accounting.bodies().giveBack(kept);
            kept = 0;
        }
    }
}
