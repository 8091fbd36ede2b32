package io.costoptimal.gateway.exchange;

/**
 * Hears of one exchange what follows its start. See {@link ExchangeHooks} for threads and what may be done in a call. Every
 * report is valid during its call only.
 */
public interface ExchangeHook {

    /**
     * A provider is about to be asked, {@code exchange.candidate()}: a connection to it is looked for next. Once for each
     * attempt, also for a second one on a fresh connection.
     */
    default void attemptStarted(ExchangeReport exchange) {}

    /**
     * The head of the present attempt's answer is here. It may be an error that is followed by another attempt, and when all
     * fail, the answer of an earlier one may be the client's.
     *
     * @param head valid during this call only
     */
    default void answerStarted(ExchangeReport exchange, AnswerFields head) {}

    /** The present attempt has failed. Another follows, or this was the last. */
    default void attemptFailed(ExchangeReport exchange, UpstreamFailure failure) {}

    /**
     * The exchange has ended, in whatever way. The last call, and it comes for each exchange; when tokens are counted that a
     * provider did not tell, it comes after that.
     */
    default void ended(ExchangeReport exchange) {}
}
