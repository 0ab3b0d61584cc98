using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace FlowKit.Fuzz;

/// <summary>The branches that an input made the instrumented assemblies take, and those that any input has.</summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    private static readonly byte* s_taken = (byte*)NativeMemory.AllocZeroed(Size);

    private readonly byte[] _seen = new byte[Size];

    /// <summary>Gives the instrumented assemblies the memory that they write to, before any of their code runs.</summary>
    public static void Begin() => Trace.SharedMem = s_taken;

    /// <summary>The number of branches that were taken by now.</summary>
    public int Edges { get; private set; }

    /// <summary>Forgets what the last input took.</summary>
    public static void Clear()
    {
        new Span<byte>(s_taken, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Adds what the last input took.</summary>
    /// <returns>The number of branches that no input took before, or not as often.</returns>
    public int Add()
    {
        var fresh = 0;
        var taken = new Span<byte>(s_taken, Size);
        for (var at = taken.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            var bucket = BucketOf(taken[at]);
            if ((_seen[at] & bucket) == 0)
            {
                Edges += _seen[at] == 0 ? 1 : 0;
                _seen[at] |= bucket;
                fresh++;
            }

            var next = taken[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return fresh;
    }


    /// <summary>Once, twice, a few times, often: a loop that turns once more is nothing new.</summary>
    private static byte BucketOf(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
