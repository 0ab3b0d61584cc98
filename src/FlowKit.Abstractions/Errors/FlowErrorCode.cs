namespace FlowKit;

/// <summary>
/// The reasons for which a request or a document fails: a closed set that every protocol maps once (HTTP status, gRPC status).
/// </summary>
public enum FlowErrorCode
{
    /// <summary>The caller sent something that can never work: a malformed body, a wrong shape, an unknown field.</summary>
    InvalidArgument,

    /// <summary>A named thing is not there: an endpoint, an executor, a file.</summary>
    NotFound,

    /// <summary>The caller may not have it: a path outside the allowed roots, a remote host not listed.</summary>
    PermissionDenied,

    /// <summary>The flow is full; ask again after <see cref="FlowError.RetryAfter"/>.</summary>
    ResourceExhausted,

    /// <summary>The request's deadline has passed.</summary>
    DeadlineExceeded,

    /// <summary>The caller has gone away or cancelled.</summary>
    Cancelled,

    /// <summary>
    /// The state on disk or in memory does not allow it: an index made by another model, a model that fails its self-test.
    /// </summary>
    FailedPrecondition,

    /// <summary>The part that should answer is not there now: stopping, starting, disconnected.</summary>
    Unavailable,

    /// <summary>The payload is larger than a stated limit.</summary>
    PayloadTooLarge,

    /// <summary>Stored data is damaged.</summary>
    DataLoss,

    /// <summary>An executor threw something that it did not foresee.</summary>
    Internal,
}
