package io.costoptimal.gateway.server.cli;

/** Exit codes of the program. */
public final class Exit {

    /** Done. */
    public static final int OK = 0;

    /** It could not be done. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong. */
    public static final int USAGE = 2;

    /** The request that was asked about would be refused. */
    public static final int REFUSED = 3;

    /** It was done, but not with all that was given. */
    public static final int IN_PART = 4;

    /** What was compared differs. */
    public static final int DIFFERENT = 5;

    private Exit() {}
}
