package io.thyra.benchmarks;

import io.thyra.codec.EncodedMessage;
import io.thyra.codec.EncodedObject;
import io.thyra.codec.ListEncoder;
import io.thyra.codec.ListHead;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// A page of 500 objects of 9 KB whose encodings are kept, put together.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListBenchmark {
  private static final int ITEMS = 500;
  private static final int ITEM_BYTES = 9_000;

  private final ListHead head = new ListHead("v1", "PodList", "42", "", null, false);
  private byte[] item;
  private List<EncodedMessage> messages;

  @Setup
  public void prepare() {
    item = ("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"data\":\"" + "x".repeat(ITEM_BYTES) + "\"}").getBytes(StandardCharsets.UTF_8);
    messages = Collections.nCopies(ITEMS, EncodedMessage.of(item));
  }

  @Benchmark
  public void json(Blackhole hole) {
    ListEncoder.json(head, Collections.nCopies(ITEMS, item).stream().map(EncodedObject::of).iterator()).forEachRemaining(hole::consume);
  }

  @Benchmark
  public void protobuf(Blackhole hole) {
    ListEncoder.protobuf(head, messages).forEach(hole::consume);
  }
}
