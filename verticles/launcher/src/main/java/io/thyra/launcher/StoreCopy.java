package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.storage.ListRequest;
import io.thyra.storage.StorageException;
import io.thyra.storage.WriteResult;
import io.thyra.storage.etcd.EtcdOptions;
import io.thyra.storage.etcd.EtcdStorage;
import io.thyra.storage.etcd.RequestObserver;
import io.thyra.storage.rocksdb.RocksFiles.Held;
import io.thyra.storage.rocksdb.RocksImport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Copies all objects of a store into an empty one. Keys and values stay as they are, and so do the revisions: an embedded store
/// is told them; in etcd, which counts by itself, the gaps between them are filled with writes of a key that nobody reads. Where
/// the target's revisions are beyond an object's already, it gets a new one. The history is not copied: it counts as compacted.
final class StoreCopy {
  /// @param revision the target's newest, no smaller than the source's
  /// @param moved objects whose revision is another than before
  record Outcome(long objects, long revision, long moved) {}

  /// An object to be copied: the least of it that tells when it is its turn.
  private record Turn(long revision, String key) {}

  private StoreCopy() {}

  static Outcome run(StorePlace from, StorePlace to, StoreProgress progress) {
    if (from.equals(to)) {
      throw new ConfigException("--from and --to are the same store");
    }
    try (StoreSource source = from.open(progress, false)) {
      return switch (to) {
        case StorePlace.Folder(Path folder) -> toFolder(source, folder, progress);
        case StorePlace.Cluster(EtcdOptions options) -> toCluster(source, options, progress);
      };
    }
  }

  private static Outcome toFolder(StoreSource source, Path folder, StoreProgress progress) {
    try (RocksImport made = RocksImport.begin(folder)) {
      long[] copied = new long[1];
      source.each(
          held -> {
            if (held.stored().key().startsWith(StoreSource.ALL)) {
              made.put(held.stored(), held.deadline());
              progress.at(++copied[0], source.size(), "objects");
            }
          });
      made.finish(source.revision());
      return new Outcome(copied[0], source.revision(), 0);
    }
  }

  private static Outcome toCluster(StoreSource source, EtcdOptions options, StoreProgress progress) {
    List<Turn> turns = new ArrayList<>();
    source.each(
        held -> {
          if (held.stored().key().startsWith(StoreSource.ALL)) {
            turns.add(new Turn(held.stored().modRevision(), held.stored().key()));
          }
        });
    turns.sort(Comparator.comparingLong(Turn::revision));
    EtcdStorage target = StoreSource.await(EtcdStorage.open(options, Clock.systemUTC(), RequestObserver.NONE));
    try {
      if (!StoreSource.await(target.list(new ListRequest(StoreSource.ALL, StoreSource.ALL, 1, 0, false))).items().isEmpty()) {
        throw new ConfigException("etcd holds objects under " + options.prefix() + " already");
      }
      try {
        return fill(source, turns, target, progress);
      } catch (RuntimeException e) {
        StoreSource.await(target.deleteAll(StoreSource.ALL));
        throw e;
      }
    } finally {
      StoreSource.await(target.close());
    }
  }

  private static Outcome fill(StoreSource source, List<Turn> turns, EtcdStorage target, StoreProgress progress) {
    long moved = 0;
    long newest = target.revision();
    boolean filled = false;
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (newest < turn.revision() - 1) {
        newest = advance(target, turn.revision() - 1, source.revision(), progress);
        filled = true;
      }
      Held held = source.find(turn.key()).orElseThrow(() -> new ConfigException(turn.key() + " is gone from the source"));
      newest = put(target, held);
      moved += newest == turn.revision() ? 0 : 1;
      progress.at(i + 1, turns.size(), "objects");
    }
    if (newest < source.revision()) {
      newest = advance(target, source.revision(), source.revision(), progress);
      filled = true;
    }
    if (filled) {
      StoreSource.await(target.removeFiller());
    }
    // Whoever asks for what was before lists anew.
    StoreSource.await(target.compact(newest));
    return new Outcome(turns.size(), newest, moved);
  }

  private static long advance(EtcdStorage target, long revision, long last, StoreProgress progress) {
    return StoreSource.await(target.advance(revision, at -> progress.at(at, last, "revisions")));
  }

  private static long put(EtcdStorage target, Held held) {
    Duration left =
        held.deadline() == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(1_000, held.deadline() - System.currentTimeMillis()));
    WriteResult result = StoreSource.await(target.put(held.stored().key(), 0, held.stored().value(), left));
    return switch (result) {
      case WriteResult.Written(long revision) -> revision;
      case WriteResult.Mismatch _ -> throw new StorageException.Failed("somebody else writes to etcd: " + held.stored().key() + " is there already", null);
    };
  }
}
