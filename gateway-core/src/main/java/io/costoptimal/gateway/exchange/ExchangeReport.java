package io.costoptimal.gateway.exchange;

import java.time.Instant;
import java.util.List;

/**
 * What is known of an exchange, for whoever only looks. Read it on the exchange's event loop, during the call that hands
 * it over; copy what is to be kept.
 */
public interface ExchangeReport {

    /** What every answer carries as {@code x-request-id}: never seen before, and not to be guessed. Made for each call. */
    String id();

    /** The same id, to be written without making a text of it. */
    RequestId requestId();

    /**
     * What the provider calls the exchange whose answer was relayed, cut at 128 characters; {@code null} when none was, or
     * it has no name for it.
     */
    String upstreamRequestId();

    /** Who sent the request. */
    Caller caller();

    /** Over what the request has come. */
    ClientConnection connection();

    /** When the head had arrived. */
    Instant startedAt();

    /** The same in milliseconds since 1970. */
    long startedMillis();

    Target target();

    /** The request path as the client sent it, without the query; never {@code null}. */
    String path();

    /** HTTP method as sent. */
    String method();

    /** {@code null} before authentication, or when none was needed. */
    Principal principal();

    /** {@code null} until the body was understood. */
    RequestFacts facts();

    /** The model the client asked for, from path or body; {@code null} while unknown. */
    String modelAsked();

    /**
     * The model as the provider of the present attempt gets it, in path or body; {@code null} before the first attempt, and
     * when the request names none.
     */
    String modelSent();

    /** {@code null} until routed. */
    Decision decision();

    /** The candidate tried last; {@code null} before the first. */
    Candidate candidate();

    /** Number of attempts at providers, the second one on a fresh connection included; as many as {@link #history} has. */
    int attempts();

    /** Why the last failed attempt failed; {@code null} when none did. */
    UpstreamFailure failure();

    /**
     * Attempts that failed, in their order; empty for most exchanges. As many as {@link #attempts}, or one less: the last
     * attempt may have succeeded, or been given up by the client. An answer of 400 or more is a failed attempt, also when
     * it is the one that the client got.
     */
    List<Attempt> failures();

    /** Every attempt in its order, the one that succeeded too. Built for each call: not for the path of every request. */
    List<Attempt> history();

    /** What models cost by the configuration that this exchange started with. */
    Prices prices();

    /** Nanoseconds from start to the start of the last attempt; meaningless before the first. */
    long attemptStartedNanos();

    /** Nanoseconds from the start of the last attempt to the head of its answer; -1 when none came. */
    long attemptFirstByteNanos();

    /** Status sent to the client; 0 when none was. */
    int status();

    /** Body bytes read from the client. */
    long requestBytes();

    /** Bytes of the answer's body as written to the client, chunk framing included. */
    long responseBytes();

    /** What the last attempt used; never {@code null}. */
    Accounted accounted();

    /** Tokens that the last attempt used; {@code null} when nothing is known. */
    default Usage usage() {
        return accounted().usage();
    }

    /**
     * The attempt that {@link #usage} belongs to, where that is another request's: this one has asked for a response that was
     * made in the background, and is the first to be told what it used. {@code null} for nearly all.
     */
    default Origin origin() {
        return null;
    }

    /**
     * Nanoseconds from start to the head of the answer that the client got from a provider, whoever was asked before; -1
     * when there was none.
     */
    long firstByteNanos();

    /** Nanoseconds from start to end; -1 before the end. */
    long totalNanos();

    /** {@code null} before the end. */
    Outcome outcome();
}
