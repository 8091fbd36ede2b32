package io.costoptimal.gateway.load;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes the event loop of a client: one thread, on the core the proxies are not on, with timers as exact as there are. */
final class LoadLoop {

    private LoadLoop() {}

    static EventLoopGroup start() throws IOException, InterruptedException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loop.submit(LoadLoop::settle).sync();
        return loop;
    }

    private static Void settle() throws IOException, InterruptedException {
        // <process>/task/<thread>
        String thread = Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString();
        // By default the kernel may let a timer be 50 us late.
        Files.writeString(Path.of("/proc", thread, "timerslack_ns"), "1");
        if (Stack.PROXY_CORE != Stack.LOAD_CORE) {
            Process taskset = new ProcessBuilder("taskset", "-cp", Integer.toString(Stack.LOAD_CORE), thread)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!taskset.waitFor(5, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
                throw new IOException("taskset: cannot pin thread " + thread);
            }
        }
        return null;
    }
}
