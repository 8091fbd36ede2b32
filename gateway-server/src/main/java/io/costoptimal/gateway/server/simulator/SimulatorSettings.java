package io.costoptimal.gateway.server.simulator;

import java.util.List;

/**
 * How a {@link SimulatedProvider} is set up. Immutable.
 *
 * @param listen where
 * @param access who is let in and what is on offer
 * @param remembered number of requests kept for {@link SimulatedProvider#seen()}; 0 keeps none and copies nothing
 * @param behaviour what a request gets that asks for nothing else
 * @param compressing whether answers come compressed whenever the request's {@code Accept-Encoding} allows it
 */
public record SimulatorSettings(
        Listen listen, Access access, int remembered, Behaviour behaviour, boolean compressing) {

    /** Loopback, any free port, one event loop, no key needed, nothing remembered. */
    public static final SimulatorSettings DEFAULTS = new SimulatorSettings(
            new Listen("127.0.0.1", 0, 1),
            new Access(null, List.of("sim-large", "sim-small")),
            0,
            Behaviour.DEFAULTS,
            false);

    /**
     * Where to listen.
     *
     * @param host address to bind
     * @param port 0 takes a free one
     * @param eventLoops number of threads
     */
    public record Listen(String host, int port, int eventLoops) {}

    /**
     * Who is let in.
     *
     * @param token the key to present; {@code null} lets everybody in
     * @param models what {@code /v1/models} lists; every other name is served too
     */
    public record Access(String token, List<String> models) {

        public Access {
            models = List.copyOf(models);
        }

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Access[" + (token == null ? "no token" : "token") + ", models " + models + "]";
        }
    }

    /** The same on {@code port}. */
    public SimulatorSettings onPort(int port) {
        return new SimulatorSettings(
                new Listen(listen.host(), port, listen.eventLoops()), access, remembered, behaviour, compressing);
    }

    /** The same on {@code eventLoops} threads. */
    public SimulatorSettings onLoops(int eventLoops) {
        return new SimulatorSettings(
                new Listen(listen.host(), listen.port(), eventLoops), access, remembered, behaviour, compressing);
    }

    /** The same, refusing whoever does not present {@code token}. */
    public SimulatorSettings requiring(String token) {
        return new SimulatorSettings(listen, new Access(token, access.models()), remembered, behaviour, compressing);
    }

    /** The same, listing {@code models}. */
    public SimulatorSettings offering(List<String> models) {
        return new SimulatorSettings(listen, new Access(access.token(), models), remembered, behaviour, compressing);
    }

    /** The same, keeping the last {@code requests}. */
    public SimulatorSettings remembering(int requests) {
        return new SimulatorSettings(listen, access, requests, behaviour, compressing);
    }

    /** The same with another default behaviour. */
    public SimulatorSettings behaving(Behaviour behaviour) {
        return new SimulatorSettings(listen, access, remembered, behaviour, compressing);
    }

    /** The same, compressing whenever it may. */
    public SimulatorSettings compressingAnswers() {
        return new SimulatorSettings(listen, access, remembered, behaviour, true);
    }
}
