namespace FlowKit.Wire.Grpc;

/// <summary>How a call ended: the closed set of the public gRPC specification, with its numbers.</summary>
public enum GrpcStatusCode
{
    /// <summary>Well.</summary>
    Ok = 0,

    /// <summary>The caller gave it up.</summary>
    Cancelled = 1,

    /// <summary>Nobody knows why.</summary>
    Unknown = 2,

    /// <summary>What was sent can never work.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed.</summary>
    DeadlineExceeded = 4,

    /// <summary>A named thing is not there.</summary>
    NotFound = 5,

    /// <summary>A thing is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not.</summary>
    PermissionDenied = 7,

    /// <summary>The server is full, or a message is larger than a limit.</summary>
    ResourceExhausted = 8,

    /// <summary>The state does not allow it.</summary>
    FailedPrecondition = 9,

    /// <summary>Something else changed the same at the same time.</summary>
    Aborted = 10,

    /// <summary>Past a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method, or something it was asked with, is not there.</summary>
    Unimplemented = 12,

    /// <summary>The server or the transport broke.</summary>
    Internal = 13,

    /// <summary>The server is not there now; trying again may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller did not say who it is.</summary>
    Unauthenticated = 16,
}
