namespace FlowKit.Hosting.Inputs;

/// <summary>Remembers that an entry of <c>on_start:</c> was posted.</summary>
/// <param name="Post">The endpoint.</param>
/// <param name="Entry">What the entry says; a changed one is another.</param>
/// <param name="Files">The files' fingerprint when they were posted.</param>
/// <param name="Taken">How many of their documents were taken; damaged ones are not.</param>
internal sealed record PostedMark(string Post, string Entry, string Files, int Taken);
