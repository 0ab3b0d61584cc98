using System.Runtime.CompilerServices;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The same arithmetic for each document: what a model does to a core, without one.</summary>
[Executor("CpuWork")]
public sealed class CpuWork : Executor
{
    private readonly int _rounds;

    /// <summary>Makes it.</summary>
    /// <param name="rounds">How much for each document; about a nanosecond each.</param>
    public CpuWork(int rounds) => _rounds = rounds;

    /// <summary>Answers every endpoint.</summary>
    /// <param name="documents">The documents.</param>
    [Requests]
    public void Run(DocumentArray documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        for (var i = 0; i < documents.Count; i++)
        {
            documents[i].Weight = Spend(_rounds);
        }
    }

    /// <summary>The arithmetic alone.</summary>
    /// <param name="rounds">How much.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Spend(int rounds)
    {
        var state = 88172645463325252UL;
        for (var i = 0; i < rounds; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        return state & 1;
    }
}
