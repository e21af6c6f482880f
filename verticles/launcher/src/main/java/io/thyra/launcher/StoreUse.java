package io.thyra.launcher;

import io.thyra.storage.rocksdb.RocksFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How many objects of each resource there are, and how many bytes they have as they are stored.
final class StoreUse {
  private static final class Use {
    long objects;
    long bytes;
    long largest;

    void add(long size) {
      objects++;
      bytes += size;
      largest = Math.max(largest, size);
    }
  }

  private final Map<String, Use> resources = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private StoreUse() {}

  static StoreUse of(StoreSource source, StoreProgress progress) {
    var use = new StoreUse();
    var total = new Use();
    source.each(
        held -> {
          int size = held.stored().value().length();
          use.resources.computeIfAbsent(resource(held.stored().key()), _ -> new Use()).add(size);
          total.add(size);
          progress.at(total.objects, source.size(), "objects");
        });
    use.resources.put("~", total);
    use.notes.add("revision " + source.revision());
    if (source instanceof StoreSource.Files(RocksFiles files, var _)) {
      RocksFiles.OlderValues older = files.olderValues();
      use.notes.add("history since revision %d: %d values, %d bytes".formatted(files.compactedRevision(), older.values(), older.bytes()));
      use.notes.add("on disk: %d bytes".formatted(files.sizeBytes()));
    }
    return use;
  }

  /// The part of a key that is a resource's: a group's name has a dot, and services have two kinds of keys.
  static String resource(String key) {
    String[] parts = key.split("/", 5);
    if (parts.length < 4) {
      return key;
    }
    boolean two = parts.length > 4 && (parts[2].contains(".") || parts[2].equals("services"));
    return two ? parts[2] + "/" + parts[3] : parts[2];
  }

  List<String> lines() {
    int width = resources.keySet().stream().mapToInt(String::length).max().orElse(0);
    String format = "%-" + Math.max(width, 8) + "s %10s %14s %10s";
    List<String> lines = new ArrayList<>();
    lines.add(format.formatted("RESOURCE", "OBJECTS", "BYTES", "LARGEST"));
    resources.forEach((name, use) -> lines.add(format.formatted(name.equals("~") ? "total" : name, use.objects, use.bytes, use.largest)));
    lines.addAll(notes);
    return lines;
  }
}
