using System.Runtime.CompilerServices;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Comparisons that need no test framework.</summary>
internal static class Expect
{
    /// <summary>Compares two values.</summary>
    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new VectorStoreConformanceException($"{what}: expected {expected}, got {actual}.");
        }
    }

    /// <summary>Compares two lists.</summary>
    public static void EqualLists<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        if (!left.SequenceEqual(right))
        {
            throw new VectorStoreConformanceException($"{what}: expected [{string.Join(", ", left)}], got [{string.Join(", ", right)}].");
        }
    }

    /// <summary>Compares two numbers that are computed in different ways.</summary>
    public static void Near(double expected, double actual, double error, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!(Math.Abs(expected - actual) <= error + (1e-4 * Math.Max(1, Math.Abs(expected)))))
        {
            throw new VectorStoreConformanceException($"{what}: expected about {expected}, got {actual}.");
        }
    }

    /// <summary>Wants something to hold.</summary>
    public static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new VectorStoreConformanceException($"{what} does not hold.");
        }
    }

    /// <summary>Wants an error.</summary>
    public static async Task<FlowKitException> ThrowsAsync(FlowErrorCode code, Func<Task> action, string what)
    {
        try
        {
            await action();
        }
        catch (FlowKitException exception)
        {
            Equal(code, exception.Error.Code, what);
            return exception;
        }

        throw new VectorStoreConformanceException($"{what}: expected the error {code}, got none.");
    }
}
