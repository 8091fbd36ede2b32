package io.costoptimal.gateway.exchange;

/**
 * The memory that request bodies may be held in, one for all of them. Any thread.
 *
 * <p>Large bodies may not use all of it, so that short ones find room whatever large ones there are.
 */
public interface BodyMemory {

    /** Memory that nobody counts. */
    BodyMemory UNLIMITED = new BodyMemory() {
        @Override
        public boolean take(int bytes, boolean large) {
            return true;
        }

        @Override
        public void giveBack(int bytes, boolean large) {}
    };

    /** Takes {@code bytes}, or nothing and returns false. */
    boolean take(int bytes, boolean large);

    /** Gives back {@code bytes} that were taken with the same {@code large}. */
    void giveBack(int bytes, boolean large);
}
