using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>
/// The reasons why no container was chosen, one for each runtime. A runtime may be tried at several paths and as
/// several users; the most specific reason is kept.
/// </summary>
internal sealed class RuntimeNotes
{
    private readonly Dictionary<string, (CallFailure Failure, string Text)> _notes = [];

    /// <summary>The most specific reason of all runtimes.</summary>
    public CallFailure Failure =>
        _notes.Count == 0 ? CallFailure.RuntimeMissing : _notes.Values.Select(n => n.Failure).MaxBy(Rank);

    public void Add(string runtime, CallFailure failure, string text)
    {
        if (
            !_notes.TryGetValue(runtime, out (CallFailure Failure, string Text) known)
            || Rank(failure) > Rank(known.Failure)
        )
            _notes[runtime] = (failure, text);
    }

    public void AddMissing(string runtime) => Add(runtime, CallFailure.RuntimeMissing, $"there is no {runtime}");

    /// <summary>This user may not have seen all containers that root can see.</summary>
    public void AddRefusedToRoot(string runtime, string said)
    {
        if (
            _notes.TryGetValue(runtime, out (CallFailure Failure, string Text) known)
            && known.Failure is CallFailure.ContainerMissing
        )
            _notes[runtime] = (
                known.Failure,
                $"{known.Text} for this user, and the containers of root could not be listed ({said})"
            );
        else
            Add(runtime, CallFailure.RuntimeUnusable, $"{runtime}: {said}");
    }

    /// <summary>The most specific reason first.</summary>
    public override string ToString() =>
        string.Join(", ", _notes.Values.OrderByDescending(n => Rank(n.Failure)).Select(n => n.Text));

    private static int Rank(CallFailure failure) =>
        failure switch
        {
            CallFailure.RuntimeMissing => 0,
            CallFailure.RuntimeUnusable => 1,
            _ => 2,
        };
}
