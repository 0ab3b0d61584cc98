namespace FlowKit.Serving.Ipc;

/// <summary>What a frame is.</summary>
internal enum IpcFrameKind : byte
{
    /// <summary>The first frame of each side.</summary>
    Hello = 1,

    /// <summary>One request.</summary>
    Request = 2,

    /// <summary>The parts of one request.</summary>
    Parts = 3,

    /// <summary>The request with its answer.</summary>
    Answer = 4,

    /// <summary>Why there is no answer: the code is in the header, and the body is text.</summary>
    Refusal = 5,
}
