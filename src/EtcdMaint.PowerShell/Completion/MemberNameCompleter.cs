namespace EtcdMaint.Cmdlets;

/// <summary>Completes member names. A member that was added and has never started has no name.</summary>
public sealed class MemberNameCompleter : MemberCompleter
{
    private protected override string Text(EtcdMember member) => member.MemberName;
}
