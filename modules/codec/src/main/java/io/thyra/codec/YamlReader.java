package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads YAML as sigs.k8s.io/yaml does: YAML 1.1 scalars, only the first document, keys turned into strings. Depth and
/// the growth by aliases are bounded. One reading each; for one thread.
/// Source: sigs.k8s.io/yaml yaml.go; go.yaml.in/yaml/v2 decode.go and resolve.go.
public final class YamlReader {
  private static final int DEPTH_MAX = 1_000;
  private static final String LONG_TAG = "tag:yaml.org,2002:";

  /// A value with the number of nodes it took, aliases counted in full.
  private record Node(Value value, long count) {}

  private final ParserImpl events;
  private final Map<Anchor, Optional<Node>> anchors = new HashMap<>();
  private final List<String> duplicates = new ArrayList<>();
  private int depth;
  private long count;
  private long aliased;

  private YamlReader(byte[] data) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).setParseComments(false).build();
    events = new ParserImpl(settings, new StreamReader(settings, Utf8.string(data, 0, data.length)));
  }

  /// @throws DecodeException with a text that begins with `yaml: ` when it is malformed
  public static YamlDocument read(byte[] data) {
    try {
      return new YamlReader(data).document();
    } catch (YamlEngineException e) {
      throw YamlErrors.translate(e);
    } catch (NumberFormatException _) {
      // The engine's answer to a document that ends within an escape.
      throw YamlErrors.endsInEscape(data);
    }
  }

  private YamlDocument document() {
    events.next();
    Event event = events.next();
    if (event.getEventId() == Event.ID.StreamEnd) {
      return new YamlDocument(NullValue.NULL, null);
    }
    Value root = node(events.next()).value();
    // To the end of the document, which may be malformed.
    events.next();
    String strict = duplicates.isEmpty() ? null : "yaml: unmarshal errors:\n  " + String.join("\n  ", duplicates);
    return new YamlDocument(root, strict);
  }

  private Node node(Event event) {
    if (++depth > DEPTH_MAX) {
      throw fail("exceeded max depth of 10000");
    }
    count++;
    Node node;
    if (event instanceof AliasEvent alias) {
      node = alias(alias);
    } else {
      Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
      anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
      node = switch (event) {
        case ScalarEvent scalar -> new Node(checked(scalar(scalar)), 1);
        case CollectionStartEvent start -> start.getEventId() == Event.ID.SequenceStart ? sequence() : mapping();
        default -> throw new IllegalStateException("unexpected " + event);
      };
      anchor.ifPresent(name -> anchors.put(name, Optional.of(node)));
    }
    depth--;
    return node;
  }

  private Node alias(AliasEvent alias) {
    String name = alias.getAlias().getValue();
    Optional<Node> target = anchors.get(alias.getAlias());
    if (target == null) {
      throw fail("unknown anchor '" + name + "' referenced");
    }
    Node node = target.orElseThrow(() -> fail("anchor '" + name + "' value contains itself"));
    count += node.count();
    aliased += node.count();
    if (aliased > 100 && count > 1000 && (double) aliased / count > allowedAliasRatio(count)) {
      throw fail("document contains excessive aliasing");
    }
    return node;
  }

  private static double allowedAliasRatio(long count) {
    return count <= 400_000 ? 0.99 : count >= 4_000_000 ? 0.10 : 0.99 - 0.89 * ((count - 400_000) / 3_600_000.0);
  }

  private Node sequence() {
    var items = new ArrayList<Value>();
    long nodes = 1;
    for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
      Node item = node(event);
      items.add(item.value());
      nodes += item.count();
    }
    return new Node(items.isEmpty() ? ListValue.EMPTY : new ListValue(items), nodes);
  }

  private Node mapping() {
    var members = new LinkedHashMap<String, Value>();
    // Keys of different types are different keys, though they print alike.
    Set<Object> seen = new HashSet<>();
    long nodes = 1;
    for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
      boolean merge = event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().equals("<<");
      Node key = node(event);
      Event valueEvent = events.next();
      int line = valueEvent.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
      Node value = node(valueEvent);
      nodes += key.count() + value.count();
      if (merge) {
        merge(value.value(), members, seen);
        continue;
      }
      String name = keyText(key.value());
      if (!seen.add(key.value())) {
        duplicates.add("line " + line + ": key " + goSyntax(key.value()) + " already set in map");
      }
      members.put(name, value.value());
    }
    String[] names = members.keySet().toArray(String[]::new);
    Value[] values = members.values().toArray(Value[]::new);
    return new Node(GoOrder.sorted(names, values, names.length), nodes);
  }

  private void merge(Value value, Map<String, Value> members, Set<Object> seen) {
    switch (value) {
      case ObjectValue object -> object.forEach((name, member) -> {
        seen.add(new StringValue(name));
        members.put(name, member);
      });
      case ListValue list -> {
        for (int i = list.size() - 1; i >= 0; i--) {
          if (!(list.get(i) instanceof ObjectValue object)) {
            throw fail("map merge requires map or sequence of maps as the value");
          }
          merge(object, members, seen);
        }
      }
      default -> throw fail("map merge requires map or sequence of maps as the value");
    }
  }

  private static String keyText(Value key) {
    return switch (key) {
      case StringValue(var text) -> text;
      case IntegerValue(var number) -> Long.toString(number);
      case DecimalValue number -> YamlScalars.printFloat((float) number.doubleValue());
      case BooleanValue truth -> truth.toString();
      case NullValue _ -> throw new DecodeException("unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>");
      case ObjectValue _, ListValue _ -> throw fail("invalid map key: " + goSyntax(key));
    };
  }

  private static String goSyntax(Value key) {
    return switch (key) {
      case StringValue(var text) -> GoText.quote(text);
      case ObjectValue _ -> "map[interface {}]interface {}{}";
      case ListValue list -> list.stream().map(YamlReader::goSyntax).collect(Collectors.joining(", ", "[]interface {}{", "}"));
      default -> key.toString();
    };
  }

  private static Value scalar(ScalarEvent event) {
    String text = event.getValue();
    Optional<String> tag = event.getTag();
    if (tag.isEmpty()) {
      return event.isPlain() ? YamlScalars.resolve(text) : new StringValue(text);
    }
    String name = tag.get().startsWith(LONG_TAG) ? tag.get().substring(LONG_TAG.length()) : "";
    return switch (name) {
      case "bool", "int", "float", "null" -> tagged(name, text);
      case "binary" -> {
        try {
          byte[] bytes = GoBase64.decode(text);
          yield new StringValue(Utf8.string(bytes, 0, bytes.length));
        } catch (DecodeException _) {
          throw fail("!!binary value contains invalid base64 data");
        }
      }
      default -> new StringValue(text);
    };
  }

  private static Value tagged(String tag, String text) {
    Value value = YamlScalars.resolve(text);
    String resolved = switch (value) {
      case BooleanValue _ -> "bool";
      case IntegerValue _ -> "int";
      case DecimalValue _ -> "float";
      case NullValue _ -> "null";
      default -> "str";
    };
    if (!resolved.equals(tag) && !(tag.equals("float") && resolved.equals("int"))) {
      throw fail("cannot decode !!" + resolved + " `" + text + "` as a !!" + tag);
    }
    return value;
  }

  /// JSON has no infinities.
  private static Value checked(Value value) {
    if (value instanceof DecimalValue(var text) && (text.endsWith("Inf") || text.equals("NaN"))) {
      throw new DecodeException("json: unsupported value: " + text);
    }
    return value;
  }

  private static DecodeException fail(String problem) {
    return new DecodeException("yaml: " + problem);
  }
}
