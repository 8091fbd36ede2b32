package io.costoptimal.gateway.load;

import java.io.IOException;

/** A program that keeps one proxy busy with requests, from the core the proxy is not on. */
interface RequestLoad {

    /**
     * One run.
     *
     * @param inFlight requests that are unanswered at any time
     * @param core the program is pinned to
     */
    Result run(int port, int inFlight, int seconds, int core) throws IOException;

    /**
     * What one run gave.
     *
     * @param requests answered
     * @param seconds it took
     * @param p50 median latency, microseconds
     * @param p99 99th percentile, microseconds
     * @param errors connections broken, statuses of 400 and above, timeouts; a run with any is void
     */
    record Result(long requests, double seconds, long p50, long p99, long errors) {}
}
