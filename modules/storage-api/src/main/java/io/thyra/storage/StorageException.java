package io.thyra.storage;

/// Why the store did not do what it was asked.
public abstract sealed class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  protected StorageException(String message) {
    super(message, null, false, false);
  }

  /// A revision that is no longer kept was named.
  public static final class Compacted extends StorageException {
    private static final long serialVersionUID = 1L;
    private final long asked;
    private final long oldest;

    public Compacted(long asked, long oldest) {
      super("revision " + asked + " is older than the oldest kept, " + oldest);
      this.asked = asked;
      this.oldest = oldest;
    }

    public long asked() {
      return asked;
    }

    public long oldest() {
      return oldest;
    }
  }

  /// A revision that does not exist yet was named.
  public static final class FutureRevision extends StorageException {
    private static final long serialVersionUID = 1L;

    public FutureRevision(long asked, long current) {
      super("revision " + asked + " is newer than the newest, " + current);
    }
  }

  /// The store is closed or closing.
  public static final class Closed extends StorageException {
    private static final long serialVersionUID = 1L;

    public Closed() {
      super("the store is closed");
    }
  }

  /// The disk or the engine failed: full, unreadable, corrupt. What was asked was not done, or it is not known.
  public static final class Failed extends StorageException {
    private static final long serialVersionUID = 1L;

    public Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
