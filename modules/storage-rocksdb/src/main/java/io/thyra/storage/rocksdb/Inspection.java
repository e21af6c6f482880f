package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/// Looks at everything that is in a store and tells what is wrong with it. Where a block of a file cannot be read, it goes on
/// from the other end, so that one broken place hides as little as possible.
final class Inspection {
  private final RocksDB rocks;
  private final Options options;
  private final View view;
  private final Consumer<String> findings;
  private final LongConsumer progress;
  private long looked;
  // Of a store that cannot tell its own nothing is too new.
  private long revision = Long.MAX_VALUE;
  private long compacted;

  Inspection(RocksDB rocks, Options options, View view, Consumer<String> findings, LongConsumer progress) {
    this.rocks = rocks;
    this.options = options;
    this.view = view;
    this.findings = findings;
    this.progress = progress;
  }

  void run() {
    rocks.getLiveFilesMetaData().forEach(this::checkFile);
    guarded("the store's revisions", this::checkRevisions);
    checkSpace(Layout.CURRENT, "values", this::checkCurrent);
    checkSpace(Layout.VERSION, "replaced values", this::checkVersion);
    try (View.Scan versions = view.new Scan(Layout.VERSION, "")) {
      checkSpace(Layout.LOG, "changes", (key, value) -> checkChange(versions, key, value));
    }
    checkSpace(Layout.EXPIRY, "deadlines", this::checkExpiry);
  }

  private void checkFile(LiveFileMetaData file) {
    try (SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.path() + file.fileName());
      reader.verifyChecksum();
    } catch (RocksDBException e) {
      findings.accept("the file " + file.fileName().substring(1) + " is corrupt: " + e.getMessage());
    }
  }

  private void checkRevisions() {
    revision = view.revision();
    compacted = view.compacted();
    if (compacted > revision) {
      findings.accept("the store is compacted at " + compacted + ", behind its newest revision " + revision);
    }
  }

  private interface EntryCheck {
    void look(byte[] key, byte[] value);
  }

  /// Looks at a whole space, forwards as far as it can be read, then backwards to the same place.
  private void checkSpace(byte space, String what, EntryCheck check) {
    byte[] last = {space};
    try (View.Scan scan = view.new Scan(space, "")) {
      for (scan.seek(last); scan.valid(); scan.next()) {
        last = scan.key();
        look(last, scan.value(), check);
      }
      return;
    } catch (StorageException e) {
      findings.accept(what + " behind " + name(last) + " cannot be read: " + e.getMessage());
    }
    try (View.Scan scan = view.new Scan(space, "")) {
      for (scan.seekToLast(); scan.valid() && Arrays.compareUnsigned(scan.key(), last) > 0; scan.previous()) {
        look(scan.key(), scan.value(), check);
      }
    } catch (StorageException _) {
      // The other side of the same place.
    }
  }

  private void look(byte[] key, byte[] value, EntryCheck check) {
    guarded("", () -> check.look(key, value));
    progress.accept(++looked);
  }

  private void guarded(String what, Runnable look) {
    try {
      look.run();
    } catch (StorageException e) {
      findings.accept(what.isEmpty() ? String.valueOf(e.getMessage()) : what + ": " + e.getMessage());
    } catch (IndexOutOfBoundsException e) {
      findings.accept("an entry is corrupt: its key is cut off");
    }
  }

  private static String name(byte[] key) {
    return switch (key[0]) {
      case Layout.CURRENT -> key.length == 1 ? "the first" : Layout.keyOfCurrent(key);
      case Layout.VERSION -> key.length < 10 ? "the first" : Layout.keyOfVersion(key) + " until revision " + Layout.revisionOfVersion(key);
      case Layout.LOG -> key.length < 9 ? "the first" : "revision " + Layout.deadlineOfExpiry(key);
      default -> key.length < 9 ? "the first" : Layout.keyOfExpiry(key);
    };
  }

  private void checkCurrent(byte[] key, byte[] value) {
    String name = Layout.keyOfCurrent(key);
    Layout.Entry entry = Layout.entry(name, value);
    checkEntry(name, entry.stored(), revision);
    if (entry.deadline() != 0 && view.get(Layout.expiryKey(entry.deadline(), name)) == null) {
      findings.accept(name + " has a deadline that is not in the list of deadlines: it would live for ever");
    }
  }

  private void checkVersion(byte[] key, byte[] value) {
    String name = Layout.keyOfVersion(key);
    long replacedBy = Layout.revisionOfVersion(key);
    checkEntry(name, Layout.entry(name, value).stored(), replacedBy - 1);
    if (replacedBy > revision) {
      findings.accept(name + " was replaced at revision " + replacedBy + ", but the newest is " + revision);
    }
  }

  private void checkEntry(String name, Stored stored, long newest) {
    if (!name.startsWith("/")) {
      findings.accept("the key " + name + " is none of the API's");
    }
    if (stored.createRevision() < 1 || stored.createRevision() > stored.modRevision() || stored.modRevision() > newest) {
      findings.accept(
          name + " has the revisions " + stored.createRevision() + " and " + stored.modRevision() + ", which cannot be: the newest would be " + newest);
    }
  }

  private void checkChange(View.Scan versions, byte[] key, byte[] value) {
    Layout.Change change = Layout.change(key, value);
    if (change.revision() > revision) {
      findings.accept("a change has revision " + change.revision() + ", but the newest is " + revision);
    }
    // What is compacted is deleted by and by.
    if (change.revision() > compacted) {
      guarded("the change of " + change.key() + " at revision " + change.revision() + " cannot be told", () -> view.event(change, versions));
    }
  }

  private void checkExpiry(byte[] key, byte[] value) {
    // One of a value that was replaced meanwhile is dropped when its time comes.
    if (Layout.keyOfExpiry(key).isEmpty() || value.length != 0) {
      findings.accept("the deadline of " + Layout.keyOfExpiry(key) + " is corrupt");
    }
  }
}
