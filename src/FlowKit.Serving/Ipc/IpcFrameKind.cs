namespace FlowKit.Serving.Ipc;

/// <summary>Kinds of frames.</summary>
internal enum IpcFrameKind : byte
{
    /// <summary>The first frame of each side.</summary>
    Hello = 1,

    /// <summary>A request.</summary>
    Request = 2,

    /// <summary>The parts of one request.</summary>
    Parts = 3,

    /// <summary>The request with its answer.</summary>
    Answer = 4,

    /// <summary>The reason why there is no answer: the code is in the header, and the body is text.</summary>
    Refusal = 5,

    /// <summary>The trace that the next request belongs to; sent where somebody listens, and answered by nothing.</summary>
    Trace = 6,
}
