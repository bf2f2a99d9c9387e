using EtcdMaint.Engine.Failures;

namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>
/// Why no container was taken of each runtime. A runtime has several places and users by which it is asked; what counts
/// is the one that got furthest.
/// </summary>
internal sealed class RuntimeNotes
{
    private readonly Dictionary<string, (CallFailure Failure, string Text)> _notes = [];

    /// <summary>The furthest reason of all.</summary>
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

    /// <summary>What this user was shown may not be all that root has.</summary>
    public void AddRefusedToRoot(string runtime, string said)
    {
        if (
            _notes.TryGetValue(runtime, out (CallFailure Failure, string Text) known)
            && known.Failure is CallFailure.ContainerMissing
        )
            _notes[runtime] = (known.Failure, $"{known.Text} for this user, and root was not asked ({said})");
        else
            Add(runtime, CallFailure.RuntimeUnusable, $"{runtime}: {said}");
    }

    /// <summary>The furthest first.</summary>
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
