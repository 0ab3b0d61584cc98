using System.Text;

namespace FlowKit.Fuzz;

/// <summary>What most targets have in common: they read in memory, on the thread that asks.</summary>
internal abstract class FuzzTarget : IFuzzTarget
{
    public abstract string Name { get; }

    public virtual IReadOnlyList<byte[]> Tokens => [];

    public virtual long AllocationBase => 1 << 20;

    public virtual long AllocationPerByte => 1000;

    public virtual bool HasThreads => false;

    public abstract IEnumerable<Seed> Seeds();

    public virtual ValueTask StartAsync() => ValueTask.CompletedTask;

    public abstract void Run(byte[] input);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Tokens of a text, separated by blanks.</summary>
    protected static byte[][] Split(string tokens) => [.. tokens.Split(' ').Select(Encoding.UTF8.GetBytes)];
}
