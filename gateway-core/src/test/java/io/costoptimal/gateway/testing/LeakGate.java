package io.costoptimal.gateway.testing;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class when Netty has found a buffer that nobody released: Netty itself only logs it (trap 34). Registered
 * for every class of this module. A leak is found when its buffer is collected, so the class that fails may be a later one
 * than the class that leaked; the record tells where the buffer came from.
 */
public final class LeakGate implements AfterAllCallback {

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        // Before any class of Netty makes its detector, which is when the first test class is initialised.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return newResourceLeakDetector(resource, samplingInterval);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
                return new Telling<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check();
    }

    static void check() {
        System.gc();
        // A detector looks at what was collected whenever it tracks something new.
        PooledByteBufAllocator.DEFAULT.buffer(1).release();
        String leak = LEAKS.poll();
        if (leak != null) {
            int more = LEAKS.size();
            LEAKS.clear();
            throw new AssertionError("never released" + (more > 0 ? ", and " + more + " more: " : ": ") + leak);
        }
    }

    private static final class Telling<T> extends ResourceLeakDetector<T> {

        Telling(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            super.reportTracedLeak(resource, records);
            LEAKS.add(resource + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            super.reportUntracedLeak(resource);
            LEAKS.add(resource);
        }
    }
}
