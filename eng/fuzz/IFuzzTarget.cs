namespace FlowKit.Fuzz;

/// <summary>A reader of input that anybody may send, and what may come out of it.</summary>
internal interface IFuzzTarget : IAsyncDisposable
{
    /// <summary>Its name, which is its folder under <c>tests/corpus</c>.</summary>
    string Name { get; }

    /// <summary>Bytes that its format is made of, which mutations put in whole.</summary>
    IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>The bytes that reading one input may allocate, whatever it says.</summary>
    long AllocationBase { get; }

    /// <summary>The bytes that reading may allocate besides for each byte of the input.</summary>
    long AllocationPerByte { get; }

    /// <summary>Indicates whether it works on threads of its own, whose allocations count.</summary>
    bool HasThreads { get; }

    /// <summary>Makes the inputs that the corpus begins with.</summary>
    IEnumerable<Seed> Seeds();

    /// <summary>Makes ready what reads: a server, a folder.</summary>
    ValueTask StartAsync();

    /// <summary>Reads an input; what the reader throws by its documentation is caught here.</summary>
    /// <exception cref="FuzzFailure">It was read in a way that is not right.</exception>
    void Run(byte[] input);
}
