using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Cli.Output;

/// <summary>Counts what a post was answered, and says so at its end: how many, how fast, what failed.</summary>
/// <param name="expected">The documents that are to be posted; 0 when that is not known.</param>
internal sealed class PostSummary(int expected)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _unreadable;
    private int _replies;
    private int _failedReplies;

    /// <summary>The documents that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>The requests and documents that failed, and the files and lines that could not be read.</summary>
    public int Failed => _failedReplies + _unreadable;

    public void Add(int documents, int failed)
    {
        _replies++;
        Answered += documents;
        _failedReplies += failed;
    }

    public void AddUnreadable(FlowKitException exception)
    {
        _unreadable++;
        Report.Error(exception.Message);
    }

    /// <param name="isWhole">Whether everything was posted.</param>
    public void Show(bool isWhole)
    {
        if (!isWhole)
        {
            Report.Line($"Ended early: {Count(Answered)}{Of()} answered{Problems()}.");
        }
        else if (Answered == 0 && Failed == 0)
        {
            Report.Line(_replies == 0 ? "Nothing was posted." : "Answered, without documents.");
        }
        else if (Answered > 1 || _unreadable > 0)
        {
            var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
            Report.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Count(Answered)} in {seconds:0.0} s ({Answered / Math.Max(seconds, 0.001):0}/s){Problems()}."));
        }
    }

    private string Of() => expected > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {expected:N0}") : "";

    private string Problems() =>
        (_failedReplies > 0 ? $", {_failedReplies} failed" : "") + (_unreadable > 0 ? $", {_unreadable} could not be read" : "");

    private static string Count(int documents) =>
        string.Create(CultureInfo.InvariantCulture, $"{documents:N0} document{(documents == 1 ? "" : "s")}");
}
