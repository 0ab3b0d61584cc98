using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>The caller of a request, whatever carries it: all that is known beside the message.</summary>
internal interface ICaller
{
    /// <summary>The urgency of its request.</summary>
    Priority Priority { get; }

    /// <summary>The time for which it still waits, perhaps less than none; <see langword="null"/> for as long as it takes.</summary>
    TimeSpan? TimeLeft { get; }

    /// <summary>Returns whether its deadline has passed.</summary>
    bool HasExpired { get; }

    /// <summary>Ends when the caller has gone or its deadline has passed.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The holder of the key that it came with; <see langword="null"/> where none is asked for.</summary>
    Gateway.Security.Caller? Holder { get; }

    /// <summary>Tells beside the answer that it is an error, where the carrier has a place for it.</summary>
    void SayError();
}
