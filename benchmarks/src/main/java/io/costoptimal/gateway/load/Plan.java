package io.costoptimal.gateway.load;

import java.util.List;

/**
 * How much to measure. Many short rounds rather than few long ones: on a machine that does other work as well, the median
 * of many is what that work disturbs least.
 *
 * @param quick for a first look
 * @param transport of the gateway
 * @param jvmFlags of the gateway
 */
record Plan(boolean quick, String transport, List<String> jvmFlags) {

    /**
     * Warm-up and rounds of one part.
     *
     * @param warmUps sessions of load before the first round. Several, because the JIT throws code away at the first
     *     start and the first end of a load, whatever had been compiled until then
     * @param warmUpSeconds of each
     * @param rounds interleaved, in random order, of which the median counts
     * @param seconds of each run in a round
     */
    record Part(int warmUps, int warmUpSeconds, int rounds, int seconds) {

        @Override
        public String toString() {
            return rounds + " rounds of " + seconds + " s after " + warmUps + " warm-ups of " + warmUpSeconds + " s";
        }
    }

    Part requests() {
        return quick ? new Part(4, 4, 5, 2) : new Part(8, 4, 9, 3);
    }

    Part streams() {
        return quick ? new Part(3, 7, 3, 4) : new Part(4, 7, 3, 6);
    }

    /** New processes of each server where two builds or two settings of one are compared. */
    int processes() {
        return 3;
    }

    /** The same where each process has several settings beside it and a build before. */
    int ledgerProcesses() {
        return quick ? 2 : 3;
    }

    int ledgerStreamProcesses() {
        return quick ? 1 : 3;
    }

    Part latency() {
        return quick ? new Part(6, 4, 3, 2) : new Part(12, 4, 9, 3);
    }

    /** One plateau for each number of streams. */
    Part memory() {
        return quick ? new Part(3, 7, 1, 10) : new Part(5, 8, 1, 30);
    }

    /** Streams held open, one number after the other. The last is what 20 000 open files allow: a stream takes two. */
    int[] plateaus() {
        return quick ? new int[] {1_000, 9_900} : new int[] {1_000, 2_500, 5_000, 7_500, 9_900};
    }

    @Override
    public String toString() {
        return "transport " + transport + ", gateway flags " + jvmFlags + "\nrequests: " + requests() + "\nlatency: "
                + latency() + "\nstreams: " + streams() + "\nmemory: " + memory();
    }
}
