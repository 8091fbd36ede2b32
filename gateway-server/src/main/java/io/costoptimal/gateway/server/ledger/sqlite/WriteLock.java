package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.server.ledger.LedgerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says that this process, and no other, writes a ledger. The operating system takes it back when the process ends, however it
 * ends. Confined to the ledger's writer thread.
 */
final class WriteLock implements AutoCloseable {

    private final FileChannel file;

    private WriteLock(FileChannel file) {
        this.file = file;
    }

    /** @throws LedgerException when another process has it, or the file cannot be made */
    static WriteLock take(Path path) throws LedgerException {
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock != null) {
                WriteLock taken = new WriteLock(file);
                file = null;
                return taken;
            }
        } catch (OverlappingFileLockException e) {
            // Another ledger of this process: the same as one of another.
        } catch (IOException e) {
            throw new LedgerException(LedgerException.Kind.STORE, e.toString(), e);
        } finally {
            close(file);
        }
        throw new LedgerException(
                LedgerException.Kind.STORE,
                path
                        + " is locked: another gateway writes this ledger (expected: a storage_uri of its own, or postgres)",
                null);
    }

    private static void close(FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // Nothing was written to it.
        }
    }

    @Override
    public void close() {
        close(file);
    }
}
