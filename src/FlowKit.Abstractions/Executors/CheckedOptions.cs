using System.ComponentModel.DataAnnotations;

namespace FlowKit;

/// <summary>
/// Gives options that validate themselves what <c>flowkit check</c> knows: the folder where relative paths start. Only there are files and
/// models looked for before the start, which finds out by itself.
/// </summary>
public static class CheckedOptions
{
    /// <summary>The key of <see cref="ValidationContext.Items"/> under which the folder stands.</summary>
    public const string Folder = "FlowKit.Folder";

    /// <summary>Returns the folder, or <see langword="null"/> when nothing is to be looked for.</summary>
    /// <param name="context">The context of <see cref="IValidatableObject.Validate"/>.</param>
    public static string? FolderOf(ValidationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(Folder, out var folder) ? folder as string : null;
    }
}
