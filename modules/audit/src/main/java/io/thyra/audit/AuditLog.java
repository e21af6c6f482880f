package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the events that a policy asks for, on a thread of its own: event loops only put them into a queue.
///
/// In the mode batch the queue has an end, and what does not fit is lost and counted. In the blocking modes the first event
/// of a request holds the request up until it and everything before it is written, so that what waits is bounded by the
/// requests that are being served.
/// Source: apiserver plugin/pkg/audit/{buffered,log,truncate}.
public final class AuditLog implements AuditSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  // Bodies that wait may fill so much memory; further events go without theirs.
  private static final long BODY_BYTES_MAX = 64L << 20;
  // Written together at most, so that those who wait are told soon.
  private static final int DRAIN_MAX = 256;
  private static final long STOP_SECONDS = 10;

  /// @param event null for one who only waits for those before it
  /// @param written null where nobody waits
  private record Waiting(@Nullable AuditEvent event, @Nullable Promise<Boolean> written) {}

  private static final Waiting END = new Waiting(null, null);

  private final AuditPolicy policy;
  private final AuditSettings settings;
  private final LogOutput output;
  private final EventText text;
  private final AuditCounts counts;
  private final BlockingQueue<Waiting> queue;
  private final AtomicLong bodyBytes = new AtomicLong();
  private final Thread writer;

  private AuditLog(AuditPolicy policy, AuditSettings settings, LogOutput output, AuditObjects objects, AuditCounts counts) {
    this.policy = policy;
    this.settings = settings;
    this.output = output;
    this.text = new EventText(objects);
    this.counts = counts;
    this.queue = settings.mode() == AuditSettings.Mode.BATCH ? new LinkedBlockingQueue<>(settings.bufferSize()) : new LinkedBlockingQueue<>();
    this.writer = Thread.ofPlatform().name("audit-log").daemon().unstarted(this::run);
  }

  /// Starts to write. The output is closed with the log.
  public static AuditLog start(
      AuditPolicy policy, AuditSettings settings, LogOutput output, AuditObjects objects, AuditCounts counts) {
    var log = new AuditLog(policy, settings, output, objects, counts);
    log.writer.start();
    return log;
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public AuditVerdict decide(@Nullable UserInfo user, RequestInfo info) {
    AuditVerdict verdict = policy.decide(user, info);
    counts.decided(verdict.level());
    return verdict;
  }

  @Override
  public Future<Boolean> accept(AuditEvent event) {
    boolean first = event.stage() == AuditEvent.Stage.REQUEST_RECEIVED;
    boolean blocking = settings.mode() != AuditSettings.Mode.BATCH;
    if (event.verdict().omitted().contains(event.stage())) {
      return blocking && first && queue.size() > settings.bufferSize() ? enqueue(null) : KEPT;
    }
    counts.event();
    if (!blocking) {
      AuditEvent kept = bounded(event);
      if (!queue.offer(new Waiting(kept, null))) {
        bodyBytes.addAndGet(-kept.bodyBytes());
        counts.lost(AuditCounts.Part.BUFFERED);
      }
      return KEPT;
    }
    if (first) {
      return enqueue(event);
    }
    queue.add(new Waiting(bounded(event), null));
    return KEPT;
  }

  private Future<Boolean> enqueue(@Nullable AuditEvent event) {
    Promise<Boolean> written = Promise.promise();
    queue.add(new Waiting(event, written));
    return written.future();
  }

  /// The event, without its bodies where too many wait already.
  private AuditEvent bounded(AuditEvent event) {
    long bytes = event.bodyBytes();
    if (bytes == 0 || bodyBytes.addAndGet(bytes) <= BODY_BYTES_MAX) {
      return event;
    }
    bodyBytes.addAndGet(-bytes);
    counts.lost(AuditCounts.Part.TRUNCATE);
    return event.withoutBodies();
  }

  private void run() {
    var batch = new ArrayList<Waiting>(DRAIN_MAX);
    var pace = new Pace(settings.throttle());
    boolean ended = false;
    while (!ended) {
      try {
        collect(batch);
        ended = batch.remove(END);
        if (settings.mode() == AuditSettings.Mode.BATCH && !ended) {
          pace.await();
        }
        write(batch);
      } catch (InterruptedException _) {
        ended = true;
      } catch (RuntimeException bug) {
        LOG.error("audit events were lost, count={}", batch.size(), bug);
      } finally {
        batch.clear();
      }
    }
  }

  /// What waits, one event at least; in the mode batch until the batch is full or its time is up.
  private void collect(List<Waiting> batch) throws InterruptedException {
    batch.add(queue.take());
    boolean patient = settings.mode() == AuditSettings.Mode.BATCH && settings.batchSize() > 1;
    // Without a pace and a wait the size of a batch makes no difference.
    boolean bounded = settings.mode() == AuditSettings.Mode.BATCH && (settings.throttle().enabled() || settings.batchSize() > 1);
    int max = bounded ? settings.batchSize() : DRAIN_MAX;
    long end = System.nanoTime() + settings.batchWait().toNanos();
    while (batch.size() < max && batch.getLast() != END) {
      Waiting next = patient ? queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS) : queue.poll();
      if (next == null) {
        return;
      }
      batch.add(next);
    }
  }

  private void write(List<Waiting> batch) {
    var kept = new boolean[batch.size()];
    for (int i = 0; i < kept.length; i++) {
      AuditEvent event = batch.get(i).event();
      kept[i] = event == null || write(event);
      if (event != null) {
        bodyBytes.addAndGet(-event.bodyBytes());
      }
    }
    boolean flushed = flush();
    for (int i = 0; i < kept.length; i++) {
      Promise<Boolean> written = batch.get(i).written();
      if (written != null) {
        boolean well = kept[i] && flushed || settings.mode() != AuditSettings.Mode.BLOCKING_STRICT;
        if (!well) {
          counts.rejected();
        }
        written.complete(well);
      }
    }
  }

  private boolean write(AuditEvent event) {
    try {
      byte[] line = line(event);
      if (line.length == 0) {
        return false;
      }
      output.write(line);
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  /// Empty for an event that is too large even without its bodies.
  private byte[] line(AuditEvent event) {
    if (settings.format() == AuditSettings.Format.LEGACY) {
      return text.legacy(event);
    }
    AuditSettings.Truncation truncation = settings.truncation();
    byte[] line = text.json(event, false);
    if (!truncation.enabled() || line.length <= truncation.eventBytesMax()) {
      return line;
    }
    if (event.verdict().level().covers(AuditLevel.REQUEST)) {
      line = text.json(event, true);
    }
    if (line.length <= truncation.eventBytesMax()) {
      return line;
    }
    counts.lost(AuditCounts.Part.TRUNCATE);
    LOG.warn("an audit event is too large even after truncating, auditId={}", event.auditId());
    return new byte[0];
  }

  private boolean flush() {
    try {
      output.flush();
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  private void failed(IOException e) {
    counts.lost(AuditCounts.Part.LOG);
    LOG.error("the audit log cannot be written: {}", e.getMessage());
  }

  /// Writes what waits and closes the output.
  @Override
  public void close() throws IOException {
    try {
      if (queue.offer(END, STOP_SECONDS, TimeUnit.SECONDS)) {
        writer.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      }
      writer.interrupt();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    output.close();
  }
}
