package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.storage.StorageException;
import io.thyra.storage.rocksdb.RocksFiles;
import io.thyra.storage.rocksdb.RocksRestore;
import io.thyra.storage.rocksdb.SnapshotSocket;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `thyra store`: what an operator does with a store as a whole. Results go to standard output, progress and the one line of an
/// error to standard error; what fails ends with status 1 and leaves everything as it was. Decisions: docs/adr/0006-store-commands.md.
final class StoreCommand {
  private static final String USAGE =
      """
      Usage: thyra store COMMAND [flags]

        copy --from=PLACE --to=PLACE      copy every object into an empty store
        snapshot --to=FOLDER              copy the embedded store as it is, of a running server too
        restore --from=FOLDER [--older]   put a snapshot in place of the embedded store of a stopped server
        check [--from=FOLDER]             verify every checksum and every key of the embedded store or a snapshot
        du [--from=PLACE]                 count the objects and bytes of each resource

      A PLACE is a data folder, a snapshot's folder, or etcd servers like http://host:port,http://host:port.

        --data-dir=FOLDER       the server's data folder (default as for the server)
        --older                 restore a snapshot that is older than the store: revisions go on behind the store's
        --etcd-prefix=PREFIX    what every key in etcd begins with (default /registry)
        --etcd-cafile=FILE      CA of the etcd servers
        --etcd-certfile=FILE    client certificate for etcd
        --etcd-keyfile=FILE     its key
      """;

  private static final String DATA_DIR = "data-dir";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String OLDER = "older";
  private static final Set<String> ETCD = Set.of("etcd-prefix", "etcd-cafile", "etcd-certfile", "etcd-keyfile");

  private static final Map<String, Set<String>> FLAGS =
      Map.of(
          "copy", Set.of(FROM, TO),
          "snapshot", Set.of(TO, DATA_DIR),
          "restore", Set.of(FROM, DATA_DIR, OLDER),
          "check", Set.of(FROM, DATA_DIR),
          "du", Set.of(FROM, DATA_DIR));

  private final Map<String, String> flags;
  private final PrintStream out;
  private final StoreProgress progress;

  private StoreCommand(Map<String, String> flags, PrintStream out, StoreProgress progress) {
    this.flags = flags;
    this.out = out;
    this.progress = progress;
  }

  /// @param arguments what follows `store`
  /// @param dataDir the server's data folder where none is named
  /// @return the exit status
  /// @throws ConfigException for what cannot be done
  static int run(List<String> arguments, Path dataDir, PrintStream out, PrintStream err) {
    String command = arguments.isEmpty() ? "--help" : arguments.getFirst();
    if (Set.of("help", "--help", "-h").contains(command) || arguments.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    if (!FLAGS.containsKey(command)) {
      throw new ConfigException("thyra store has no command \"" + command + "\": it has copy, snapshot, restore, check and du");
    }
    Map<String, String> flags = parse(command, arguments.subList(1, arguments.size()));
    flags.putIfAbsent(DATA_DIR, dataDir.toString());
    try (var progress = new StoreProgress("store " + command, err)) {
      return new StoreCommand(flags, out, progress).run(command);
    } catch (StorageException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static Map<String, String> parse(String command, List<String> arguments) {
    var flags = new HashMap<String, String>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = argument.replaceFirst("^--", "").replaceFirst("=.*", "");
      boolean places = command.equals("copy") || command.equals("du");
      if (!argument.startsWith("--") || !FLAGS.get(command).contains(name) && !(places && ETCD.contains(name))) {
        throw new ConfigException("thyra store " + command + " does not take " + argument);
      }
      if (equals > 0) {
        flags.put(name, argument.substring(equals + 1));
      } else if (name.equals(OLDER)) {
        flags.put(name, "true");
      } else if (i + 1 < arguments.size()) {
        flags.put(name, arguments.get(++i));
      } else {
        throw new ConfigException("flag needs an argument: --" + name);
      }
    }
    return flags;
  }

  private int run(String command) {
    return switch (command) {
      case "copy" -> copy();
      case "snapshot" -> snapshot();
      case "restore" -> restore();
      case "check" -> check();
      default -> diskUse();
    };
  }

  private StorePlace place(String flag) {
    String given = Optional.ofNullable(flags.get(flag)).orElseThrow(() -> new ConfigException("--" + flag + " is missing"));
    return StorePlace.parse(given, flags);
  }

  private Path folder(String flag) {
    return place(flag) instanceof StorePlace.Folder(Path path)
        ? path
        : fail("--" + flag + ": this is for folders; etcd has etcdctl snapshot and etcdutl");
  }

  private static Path fail(String message) {
    throw new ConfigException(message);
  }

  /// The store that `--from` names, else the server's.
  private String looked() {
    return flags.containsKey(FROM) ? FROM : DATA_DIR;
  }

  private int copy() {
    StoreCopy.Outcome outcome = StoreCopy.run(place(FROM), place(TO), progress);
    out.println(
        "Copied %d objects; the newest revision is %d. %s"
            .formatted(
                outcome.objects(),
                outcome.revision(),
                outcome.moved() == 0
                    ? "All kept their resourceVersions."
                    : outcome.moved() + " have new resourceVersions, since the target had used theirs up."));
    return 0;
  }

  private int snapshot() {
    Path store = folder(DATA_DIR);
    Path target = Path.of(Optional.ofNullable(flags.get(TO)).orElseThrow(() -> new ConfigException("--to is missing"))).toAbsolutePath().normalize();
    if (RocksFiles.exist(store) && RocksFiles.inUse(store)) {
      progress.say("asking the running server");
      SnapshotSocket.request(store, target);
    } else {
      try (RocksFiles files = RocksFiles.open(store)) {
        long size = files.sizeBytes();
        files.copyTo(target, bytes -> progress.at(bytes, size, "bytes"));
      }
    }
    long revision;
    try (RocksFiles made = RocksFiles.open(target)) {
      if (inspect(made) > 0) {
        throw new ConfigException("the store at " + store + " is corrupt: no snapshot was made");
      }
      revision = made.revision();
    } catch (StorageException | ConfigException e) {
      RocksFiles.delete(target);
      throw e;
    }
    out.println("Snapshot at revision %d in %s".formatted(revision, target));
    return 0;
  }

  private int restore() {
    Path snapshot = folder(FROM);
    if (!RocksFiles.exist(snapshot)) {
      throw new ConfigException("there is no snapshot at " + snapshot);
    }
    Path store = folder(DATA_DIR);
    RocksRestore.Outcome outcome =
        RocksRestore.restore(snapshot, store, Boolean.parseBoolean(flags.get(OLDER)), bytes -> progress.at(bytes, 0, "bytes"));
    out.println(
        outcome.relists()
            ? "Restored; revisions go on at %d, and every client lists anew.".formatted(outcome.revision())
            : "Restored at revision %d.".formatted(outcome.revision()));
    return 0;
  }

  private int check() {
    Path store = folder(looked());
    try (StoreSource.Files source = StoreSource.ofFolder(store, progress)) {
      long broken = inspect(source.files());
      if (broken > 0) {
        throw new ConfigException("the store at " + store + " is corrupt: " + broken + (broken == 1 ? " finding" : " findings"));
      }
      out.println("Nothing is wrong with %s at revision %d.".formatted(store, source.revision()));
    }
    return 0;
  }

  private long inspect(RocksFiles files) {
    long[] findings = new long[1];
    long all = files.entries();
    files.check(
        finding -> {
          findings[0]++;
          out.println(finding);
        },
        looked -> progress.at(looked, all, "entries"));
    return findings[0];
  }

  private int diskUse() {
    try (StoreSource source = place(looked()).open(progress, true)) {
      StoreUse.of(source, progress).lines().forEach(out::println);
    }
    return 0;
  }
}
