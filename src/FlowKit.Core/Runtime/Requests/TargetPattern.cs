using System.Text.RegularExpressions;

namespace FlowKit.Runtime.Requests;

/// <summary>
/// The executors that a caller means, as a regular expression matched from the start of their names; the default means all.
/// </summary>
internal readonly struct TargetPattern
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(50);

    private readonly Regex? _pattern;

    private TargetPattern(Regex pattern) => _pattern = pattern;

    /// <summary>Tells whether every executor is meant.</summary>
    public bool IsAll => _pattern is null;

    /// <param name="pattern">The pattern; empty for all.</param>
    /// <exception cref="FlowKitException">It is not a regular expression.</exception>
    public static TargetPattern Parse(string pattern)
    {
        if (pattern.Length == 0)
        {
            return default;
        }

        try
        {
            return new TargetPattern(new Regex(pattern, RegexOptions.CultureInvariant, s_timeout));
        }
        catch (ArgumentException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"target_executor: '{pattern}' is not a valid regular expression: {exception.Message}",
                exception);
        }
    }

    /// <exception cref="RegexMatchTimeoutException">It takes too long to tell.</exception>
    public bool Matches(string executor) => _pattern is null || _pattern.Match(executor) is { Success: true, Index: 0 };
}
