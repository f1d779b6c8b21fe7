;;; group.scm: process groups and publish/subscribe over a cluster, without a
;;; leader and without a connection between each two nodes.
;;;
;;; Each node that takes part has a group server, published as `group-server`. It
;;; alone says which processes have joined on its node; it tells its neighbours (the
;;; nodes named in group-connect, and those that named it), which tell theirs: every
;;; statement (server version members) floods the graph once, because only one with a
;;; higher version is passed on. Every `period` seconds a server states itself again;
;;; one that has not been heard of for `patience` periods is forgotten.
;;;
;;; What is promised. A join or leave is known everywhere after a message over each
;;; hop between, as long as neighbours are connected; a member that ends has left. In a
;;; partition each side goes on with the members that it can hear; after `patience`
;;; periods those of the other side are gone there. When neighbours can reach each other
;;; again (they try every period), both sides state all that they know, and within one
;;; flood all members are known to all again. group-send delivers to the members that
;;; this node knows at that moment: at most once to each, in the sender's order.
;;;
;;; Messages to a server: (from tag (%group request)), (%group-state server
;;; statements), (%group-hello server), (%group-tick), (%group-neighbour node server).

;; members: of this node, group -> list of pids. refs: monitor -> pid (of a member), and
;; that pid -> monitor; monitor -> (node . server) (of a neighbour). known: server -> statement, of others.
;; neighbours: node -> server, #f while it is looked for. guests: servers that said hello.
(define-record-type %groups
  (%make-groups version members refs known neighbours guests watchers period) %groups?
  (version %groups-version) (members %groups-members) (refs %groups-refs) (known %groups-known)
  (neighbours %groups-neighbours) (guests %groups-guests) (watchers %groups-watchers)
  (period %groups-period))

(define %group-patience 5)

;; A statement, and until when it is believed without a newer one.
(define-record-type %statement
  (%make-statement server version members until) %statement?
  (server %statement-server) (version %statement-version) (members %statement-members)
  (until %statement-until))

(define (%groups-with g version members refs)
  (%make-groups version members refs (%groups-known g) (%groups-neighbours g) (%groups-guests g)
                (%groups-watchers g) (%groups-period g)))
(define (%groups-with-known g known)
  (%make-groups (%groups-version g) (%groups-members g) (%groups-refs g) known (%groups-neighbours g)
                (%groups-guests g) (%groups-watchers g) (%groups-period g)))
(define (%groups-with-neighbours g refs neighbours guests)
  (%make-groups (%groups-version g) (%groups-members g) refs (%groups-known g) neighbours guests
                (%groups-watchers g) (%groups-period g)))
(define (%groups-with-watchers g watchers)
  (%make-groups (%groups-version g) (%groups-members g) (%groups-refs g) (%groups-known g)
                (%groups-neighbours g) (%groups-guests g) watchers (%groups-period g)))

;;; ---- the server -------------------------------------------------------

;; (group-start [period]): start this node's group server if there is none yet; it
;; states itself every `period` seconds (1): its pid. All group procedures do this as
;; needed. Error: not a time above 0.
(define group-start
  (case-lambda
    ((period)
     (%check-period "group-start" period)
     (%own-service-of
      'group-server
      (lambda ()
        (%group-loop (%make-groups 1 (dict) (dict) (dict) (dict) (set) (dict) period) (%group-next period)))))
    (() (group-start 1))))

(define (%group-now) (/ (current-jiffy) (jiffies-per-second)))
(define (%group-next period) (+ (%group-now) period))

(define (%group-loop g tick)
  (let ((g (%tell-watchers g)))
    (recv
      ((from tag ('%group request))
       (%group-loop (%group-request g from tag request) tick))
      (('%group-state server statements)
       (%group-loop (%hear g server statements) tick))
      (('%group-hello server)
       (%group-loop (%meet g server) tick))
      (('%group-neighbour node server)
       (%group-loop (%found g node server) tick))
      (('down ref _ _)
       (%group-loop (%group-down g ref) tick))
      (after (max 0 (- tick (%group-now)))
        (%group-loop (%group-tick g) (%group-next (%groups-period g)))))))

;; What this server states: its own members.
(define (%own-statement g)
  (list (self) (%groups-version g) (dict->list (%groups-members g))))
(define (%wire-statement s)
  (list (%statement-server s) (%statement-version s) (%statement-members s)))

(define (%circle g)
  (append (filter pid? (dict-values (%groups-neighbours g))) (set->list (%groups-guests g))))

(define (%flood g statements except)
  (for-each (lambda (server)
              (if (eq? server except) (void) (! server (list '%group-state (self) statements))))
            (%circle g))
  g)

;; A new version of the own statement goes out.
(define (%restate g members refs)
  (let ((g (%groups-with g (+ 1 (%groups-version g)) members refs)))
    (%flood g (list (%own-statement g)) #f)))

;; Takes what is newer than what is known, and passes that on.
(define (%hear g from statements)
  (let* ((until (+ (%group-now) (* %group-patience (%groups-period g))))
         (newer (filter
                 (lambda (s)
                   (match s
                     ((server version members)
                      (let ((known (dict-ref (%groups-known g) server)))
                        (and (not (eq? server (self)))
                             (or (not known) (> version (%statement-version known))))))
                     (_ #f)))
                 statements)))
    (if (null? newer)
        g
        (%flood (%groups-with-known
                 g
                 (fold (lambda (s known)
                         (dict-set known (car s) (%make-statement (car s) (cadr s) (caddr s) until)))
                       (%groups-known g) newer))
                newer from))))

;; Another server is connected from now on: it gets all that is known here.
(define (%meet g server)
  (if (memq server (%circle g))
      g
      (let ((g (%groups-with-neighbours g (dict-set (%groups-refs g) (monitor server) (cons #f server))
                                        (%groups-neighbours g) (set-add (%groups-guests g) server))))
        (%tell-all g server)
        g)))

(define (%tell-all g server)
  (! server (list '%group-state (self)
                  (cons (%own-statement g) (map %wire-statement (dict-values (%groups-known g)))))))

;; A helper has found the server of a neighbour, or not.
(define (%found g node server)
  (cond ((or (not server) (eq? server (self)) (dict-ref (%groups-neighbours g) node)) g)
        (else
         (! server (list '%group-hello (self)))
         (let ((g (%groups-with-neighbours g (dict-set (%groups-refs g) (monitor server) (cons node server))
                                           (dict-set (%groups-neighbours g) node server)
                                           (set-remove (%groups-guests g) server))))
           (%tell-all g server)
           g))))

(define (%group-down g ref)
  (let ((entry (dict-ref (%groups-refs g) ref)) (refs (dict-delete (%groups-refs g) ref)))
    (cond ((not entry) g)
          ((pid? entry)
           (%restate g (%without-member (%groups-members g) entry) (dict-delete refs entry)))
          ((car entry)
           (%groups-with-neighbours g refs (dict-set (%groups-neighbours g) (car entry) #f) (%groups-guests g)))
          (else
           (%groups-with-neighbours g refs (%groups-neighbours g) (set-remove (%groups-guests g) (cdr entry)))))))

;; One monitor for each process, while it is a member of any group.
(define (%watching-member refs pid)
  (if (dict-ref refs pid)
      refs
      (let ((ref (monitor pid)))
        (dict-set (dict-set refs ref pid) pid ref))))
(define (%without-watch refs members pid)
  (let ((ref (dict-ref refs pid)))
    (if (or (not ref) (dict-search (lambda (group pids) (memq pid pids)) members))
        refs
        (begin
          (demonitor ref)
          (dict-delete (dict-delete refs pid) ref)))))

(define (%without-member members pid)
  (fold (lambda (entry members)
          (let ((others (delete pid (cdr entry))))
            (if (null? others)
                (dict-delete members (car entry))
                (dict-set members (car entry) others))))
        members (dict->list members)))

;; States itself, forgets who is silent, looks for neighbours that are missing.
(define (%group-tick g)
  (let ((now (%group-now)) (this (self)))
    (dict-for-each (lambda (node server) (if server (void) (%look-for this node))) (%groups-neighbours g))
    (let ((known (dict-fold (lambda (server s known)
                              (if (< (%statement-until s) now) (dict-delete known server) known))
                            (%groups-known g) (%groups-known g))))
      (%restate (%groups-with-known g known) (%groups-members g) (%groups-refs g)))))

(define (%look-for server node)
  (spawn (lambda () (! server (list '%group-neighbour node (resolve-service 'group-server node 2))))))

;;; ---- requests ---------------------------------------------------------

(define (%members-of g group)
  (append-map
   (lambda (alist) (let ((entry (assoc group alist))) (if entry (cdr entry) '())))
   (cons (dict->list (%groups-members g)) (map %statement-members (dict-values (%groups-known g))))))

(define (%group-request g from tag request)
  (define (answer value g) (! from (list tag value)) g)
  (match request
    (('join group pid)
     (let ((old (dict-ref (%groups-members g) group '())))
       (answer 'ok
               (if (memq pid old)
                   g
                   (%restate g (dict-set (%groups-members g) group (append old (list pid)))
                             (%watching-member (%groups-refs g) pid))))))
    (('leave group pid)
     (let* ((old (dict-ref (%groups-members g) group '())) (others (delete pid old)))
       (answer 'ok
               (if (equal? old others)
                   g
                   (let ((members (if (null? others)
                                      (dict-delete (%groups-members g) group)
                                      (dict-set (%groups-members g) group others))))
                     (%restate g members (%without-watch (%groups-refs g) members pid)))))))
    (('members group) (answer (%members-of g group) g))
    (('groups)
     (answer (delete-duplicates
              (append-map (lambda (alist) (map car alist))
                          (cons (dict->list (%groups-members g))
                                (map %statement-members (dict-values (%groups-known g))))))
             g))
    (('connect node)
     (if (dict-ref (%groups-neighbours g) node) (void) (%look-for (self) node))
     (answer 'ok
             (if (dict-ref (%groups-neighbours g) node)
                 g
                 (%groups-with-neighbours g (%groups-refs g) (dict-set (%groups-neighbours g) node #f)
                                          (%groups-guests g)))))
    (('watch group)
     (answer 'ok (%groups-with-watchers
                  g (dict-set (%groups-watchers g) (cons from group) (%members-of g group)))))
    (('unwatch group)
     (answer 'ok (%groups-with-watchers g (dict-delete (%groups-watchers g) (cons from group)))))))

;; Those that watch a group whose members are others now.
(define (%tell-watchers g)
  (if (= (dict-length (%groups-watchers g)) 0)
      g
      (%groups-with-watchers
       g
       (dict-fold
        (lambda (watcher before watchers)
          (let* ((now (%members-of g (cdr watcher)))
                 (joined (filter (lambda (pid) (not (memq pid before))) now))
                 (left (filter (lambda (pid) (not (memq pid now))) before)))
            (cond ((not (alive? (car watcher))) (dict-delete watchers watcher))
                  ((and (null? joined) (null? left)) watchers)
                  (else
                   (! (car watcher) (list 'group-change (cdr watcher) joined left))
                   (dict-set watchers watcher now)))))
        (%groups-watchers g) (%groups-watchers g)))))

(define (%ask-groups request) (!? (group-start) (list '%group request) 5))

;; (group-connect node): the group servers of this node and of `node` are neighbours
;; from now on, whenever they can reach each other.
(define (group-connect node)
  (if (node? node) (void) (%wrong-type "group-connect" node))
  (%ask-groups (list 'connect node)))

;; (group-join group [pid]), (group-leave group [pid]): the process (the caller) is a
;; member of `group`, any object; it has left. To be called on the node of the process.
(define group-join
  (case-lambda
    ((group) (group-join group (self)))
    ((group pid)
     (%check-pid "group-join" pid)
     (%ask-groups (list 'join group pid)))))
(define group-leave
  (case-lambda
    ((group) (group-leave group (self)))
    ((group pid)
     (%check-pid "group-leave" pid)
     (%ask-groups (list 'leave group pid)))))

;; (group-members group): pids of all members that are known here. (group-list): all
;; groups that have members.
(define (group-members group) (%ask-groups (list 'members group)))
(define (group-list) (%ask-groups '(groups)))

;; (group-send group message): send it to all members: how many there were.
(define (group-send group message)
  (let ((members (group-members group)))
    (for-each (lambda (pid) (! pid message)) members)
    (length members)))

;; (group-watch group): this process gets (group-change group joined left), with lists
;; of pids, whenever the members that are known here change. (group-unwatch group).
(define (group-watch group) (%ask-groups (list 'watch group)))
(define (group-unwatch group) (%ask-groups (list 'unwatch group)))
