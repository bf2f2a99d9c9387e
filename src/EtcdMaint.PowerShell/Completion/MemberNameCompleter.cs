namespace EtcdMaint.Cmdlets;

/// <summary>Completes member names; a member that was added and has never started has none.</summary>
public sealed class MemberNameCompleter : MemberCompleter
{
    private protected override string Text(EtcdMember member) => member.MemberName;
}
