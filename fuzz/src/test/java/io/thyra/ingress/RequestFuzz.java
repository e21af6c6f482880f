package io.thyra.ingress;

import io.thyra.fuzz.Refusals;
import io.thyra.model.Query;
import java.nio.charset.StandardCharsets;

/// Request lines, the method before the first blank: what the target asks for, its parameters and the selectors within.
public final class RequestFuzz {
  private RequestFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String line = new String(data, StandardCharsets.ISO_8859_1);
    int blank = line.indexOf(' ');
    String method = blank < 0 ? "GET" : line.substring(0, blank);
    RequestTarget target = RequestTarget.parse(line.substring(blank + 1));
    if (target == null) {
      return;
    }
    RequestInfoResolver.resolve(method, target);
    Query query = Query.ofRequest(target.rawQuery());
    for (String name : new String[] {"watch", "labelSelector", "fieldSelector", "pretty"}) {
      String first = target.parameter(name);
      Refusals.requireSame(query.first(name), first == null ? "" : first, () -> name + " in " + line);
      Refusals.requireSame(query.all(name), target.parameters(name), () -> name + " in " + line);
    }
    LabelSelectorText.requirements(query.first("labelSelector"));
    FieldSelectorText.requirements(query.first("fieldSelector"));
    FieldSelectorText.exactMatch(line, "metadata.name");
    LabelSelectorText.requirements(line);
  }
}
